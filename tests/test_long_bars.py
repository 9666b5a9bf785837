"""Bars that are long enough to be checked on several cores, a piece on each."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import polars as pl
import pytest
from builders import EURUSD, settings

import omegasim as om

ROWS = 300_000
WALK = om.synthetic_bars(EURUSD, bars=ROWS, seed=5).frame
SIGNALS = WALK.gather_every(500).select(
    "time", direction=pl.lit(1), stop_loss_pips=pl.lit(20.0), take_profit_pips=pl.lit(30.0)
)


def spoilt(*rows: int) -> pl.DataFrame:
    """The walk with a price in each of some rows that no bar can have."""
    bad = pl.int_range(pl.len()).is_in(rows)
    return WALK.with_columns(ask_low=pl.when(bad).then(-1.0).otherwise("ask_low"))


def refusal(table: pl.DataFrame) -> str:
    with pytest.raises(om.NumberError) as caught:
        om.Bars(table)
    return str(caught.value)


# A piece has 32,768 rows.
@pytest.mark.parametrize("row", [0, 32_767, 32_768, 32_769, 100_000, 131_071, 131_072, 294_912, ROWS - 1])
def test_q3_the_first_bad_row_is_named_however_many_follow(row):
    assert f"row {row}" in refusal(spoilt(row))
    assert refusal(spoilt(row, *range(row, ROWS, 1_000))) == refusal(spoilt(row))


def test_t4_a_time_that_repeats_across_two_pieces_is_named():
    for row in (32_767, 32_768, 32_769, 131_072):
        times = WALK["time"].to_physical().to_numpy().copy()
        times[row] = times[row - 1]
        table = WALK.with_columns(time=pl.Series(times).cast(pl.Datetime("ns", "UTC")))
        with pytest.raises(om.InputError, match=f"row {row}"):
            om.Bars(table)


def test_threads_that_check_at_once_find_the_same():
    expected = om.simulate(om.Bars(WALK), SIGNALS, settings()).fingerprint
    together, threads = Barrier(6), 6

    def work(thread: int) -> str:
        together.wait()
        if thread % 2:
            return refusal(spoilt(thread * 45_000))
        return om.simulate(om.Bars(WALK), SIGNALS, settings()).fingerprint

    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(work, range(threads)))
    assert found[::2] == [expected] * 3
    assert [f"row {thread * 45_000}" in found[thread] for thread in (1, 3, 5)] == [True] * 3


FORKED = """
import os, sys
import omegasim as om
from builders import EURUSD
table = om.synthetic_bars(EURUSD, bars=300_000, seed=5).frame
before = om.Bars(table)
child = os.fork()
if child == 0:
    os._exit(0 if len(om.Bars(table)) == len(before) else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_process_that_forked_checks_bars_as_before():
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", FORKED]
    subprocess.run(command, cwd=Path(__file__).parent, check=True, timeout=60)
