"""Where the recorded market data are."""

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("OMEGASIM_DATA", Path(__file__).parents[3] / "shared" / "data")) / "real"


def recorded_folder() -> Path:
    """The folder of the recorded data; the test that asks skips where there is none."""
    if not DATA.is_dir():
        pytest.skip(f"no recorded data at {DATA}; OMEGASIM_DATA names its folder")
    return DATA
