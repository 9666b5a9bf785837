"""Market data: readers, cleaning, synthetic markets."""
