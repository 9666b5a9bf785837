"""One page that shows what happened in a run; it opens offline."""
