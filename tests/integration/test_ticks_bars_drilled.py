"""Recorded days as ticks, as minutes, and as minutes drilled to ticks (I5)."""

import importlib.util
from pathlib import Path

import pytest
from integration.recorded import recorded_folder

ROOT = Path(__file__).resolve().parents[2]


def example():
    spec = importlib.util.spec_from_file_location("ticks_bars_drilled", ROOT / "examples" / "ticks_bars_drilled.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXAMPLE = example()


@pytest.mark.parametrize("day", EXAMPLE.DAYS, ids=lambda day: f"{day[0].symbol}-{day[3]}")
def test_i5_minutes_drilled_to_ticks_trade_as_the_ticks_do(day):
    results = EXAMPLE.runs(recorded_folder(), *day)
    assert results["ticks"].trades.height > 100
    assert results["drilled"].trades.equals(results["ticks"].trades)


def test_the_table_has_a_line_a_day(capsys):
    EXAMPLE.main(recorded_folder())
    assert len(capsys.readouterr().out.splitlines()) == 2 + len(EXAMPLE.DAYS)
