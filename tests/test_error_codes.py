"""Every error code can be raised, and docs/errors.md lists them all (E1)."""

import importlib.util
import threading
from pathlib import Path

import polars as pl
import pytest
from builders import at, flat, long, one_sided, settings, signals, with_value
from money import USDJPY
from vendor_files import bi5_ticks, written

import omegasim as om
from omegasim import _core, errors
from omegasim.data.conversion import convert_file
from omegasim.data.reading import Reading
from omegasim.error_codes import all_codes
from omegasim.saved_run import save_result

DOCS = Path(__file__).parents[1] / "docs"
# Raised in crates/core/tests/error_codes.rs and crates/core/src/execution/signal_checks.rs.
RAISED_IN_RUST = {1003, 5003, 6001}
TICKS = pl.DataFrame({"time": [at(0), at(1)], "bid": [1.1, 1.1], "ask": [1.1001, 1.1001]})
MINUTE = 60_000_000_000
BAR = (1.1, 1.2, 1.0, 1.1, 1.1, 1.2, 1.0, 1.1)
GBPJPY = USDJPY.model_copy(update={"symbol": "GBPJPY", "base": "GBP"})


def run(table=None, config=None, **changes):
    return om.simulate(flat(), signals(long()) if table is None else table, config or settings(), **changes)


def rates(minute, **account):
    """A pound against yen on a dollar account, with rates of three minutes from some minute on."""
    config = settings(account=om.Account(currency="USD", balance=1e6, **account), instruments=(GBPJPY,))
    pair = flat(3, price=150.0).with_columns(pl.col("time") + (at(minute) - at(0)))
    return om.simulate(flat(500, price=190.0), signals(long(), long(400)), config, rates={"USDJPY": pair})


def apart(folder):
    bid, ask = folder / "bid.parquet", folder / "ask.parquet"
    one_sided(5).write_parquet(bid)
    one_sided(4).write_parquet(ask)
    om.read_bars(bid, ask=ask)


def ambiguous(folder):
    om.read_bars(written(folder / "EURUSD.csv", "2012.02.01,00:00,1.306600,1.306600,1.306560,1.306560,0"))


def no_divisor(folder):
    name = folder / "UNHEARDOF" / "2019" / "00" / "02" / "00h_ticks.bi5"
    om.read_ticks(bi5_ticks(name, (0, 10_500_500, 10_500_000)))


def no_table(folder):
    om.read_bars(written(folder / "bars.parquet", "no Parquet"))


def no_parent(folder):
    (folder / "file").write_text("in the way")
    run().save(folder / "file" / "run")


def far_future():
    late = pl.DataFrame({"time": pl.Series([2**61], dtype=pl.Int64).cast(pl.Datetime("us")), "direction": ["long"]})
    om.ExecutionSimulator(settings()).process_signals_batch(late)


def convert_over(folder):
    flat().write_csv(folder / "bars.csv")
    (folder / "bars.parquet").write_text("there already")
    convert_file(folder / "bars.csv", folder / "bars.parquet", Reading())


def busy():
    """One simulator, two threads: this one calls while the other one works."""
    simulator = om.ExecutionSimulator(settings())
    many = pl.concat([signals(long())] * 200_000)
    worker = threading.Thread(target=simulator.process_signals_batch, args=(many,))
    worker.start()
    try:
        while worker.is_alive():
            assert simulator.balance == 100_000.0
    finally:
        worker.join()


def broken():
    simulator = om.ExecutionSimulator(settings())
    with pytest.raises(om.BoundaryError):
        simulator._panic()
    simulator.on_bar((0, *BAR))


def bars_of(*rows):
    simulator = om.ExecutionSimulator(settings())
    for row in rows:
        (simulator.on_tick if len(row) == 3 else simulator.on_bar)(row)


def saved(folder):
    result = run()
    save_result(result, folder / "run", force=False)
    return folder / "run"


def unfinished(folder):
    (saved(folder) / "trades.parquet").unlink()
    om.load_result(folder / "run")


class Failing(om.Strategy):
    def on_start(self):
        raise ValueError("no")


RAISED = {
    1001: lambda _: om.Account(currency="USD", balance=-1.0),
    1002: lambda _: om.Bars(flat(0)),
    1004: lambda _: bars_of((MINUTE, *BAR), (MINUTE, *BAR)),
    1005: lambda _: bars_of((MINUTE, 1.1, 1.1), (0, 1.1, 1.1)),
    1006: lambda _: om.Bars(with_value(flat(), "bid_high", 3, 1.0)),
    1007: lambda _: om.Bars(flat(spread=-0.0001)),
    1008: lambda _: om.simulate(one_sided(), signals(long()), settings()),
    1009: lambda _: om.ExecutionSimulator(settings(), symbols=["GBPUSD"]),
    1010: lambda _: om.Bars(flat(), timeframe="1min"),
    1011: lambda _: _core.Bars(flat(), symbol="EURUSD", timeframe=0),
    1012: lambda _: run(signals(long(volume=-1.0))),
    1013: lambda _: run(signals(long(1), long(0))),
    1014: lambda _: run(signals(long(5000))),
    1015: lambda _: run(
        signals(long()).with_columns(pl.col("time").dt.offset_by("1s")),
        settings(rules=om.Rules(market_fill="signal_close")),
    ),
    1016: lambda _: om.simulate(None, signals(long()), settings(), ticks=TICKS),
    1017: lambda _: om.ExecutionSimulator(settings(instruments=(GBPJPY,))),
    1018: lambda _: rates(-30, stale_limit_hours=1.0),
    1019: lambda _: om.Bars(flat().drop("ask_low")),
    1020: lambda _: run(signals(long(stop_los=1.0))),
    1021: lambda _: run(signals(long(volume="one"))),
    1022: lambda _: om.Bars(with_value(flat(), "bid_open", 2, None)),
    1023: lambda _: run(equity="daily"),
    1024: lambda _: rates(10),
    1101: lambda _: om.Bars(one_sided().with_columns(Close=pl.lit(1.1)), spread_pips=1.0),
    1102: lambda _: om.Bars(flat().with_columns(time=pl.lit("yesterday"))),
    1103: lambda _: om.Bars(flat(), spread_pips=1.0),
    1104: apart,
    1105: lambda _: om.Bars(flat(), clean=["polish"]),
    1106: lambda _: om.Bars(one_sided(), side="ask"),
    1107: lambda _: om.simulate(None, signals(long()), settings()),
    1108: ambiguous,
    1109: no_divisor,
    2001: lambda _: om.Bars(with_value(flat(), "bid_low", 0, 0.0)),
    2002: lambda _: om.Bars(one_sided(), spread_pips=-1.0),
    2003: lambda _: far_future(),
    2004: lambda _: run(config=settings(costs=om.Costs(spread_multiplier=1e6))),
    3001: lambda _: om.ExecutionSimulator.restore(b"OMEGASIM"),
    3101: lambda folder: om.load_result(folder / "nowhere"),
    3102: no_table,
    3103: lambda folder: save_result(run(), saved(folder), force=False),
    3104: unfinished,
    3105: no_parent,
    3106: lambda folder: convert_over(folder),
    4001: lambda _: om.ExecutionSimulator(settings())._contradict(),
    5001: lambda _: _core.Bars([1, 2]),
    5002: lambda _: om.ExecutionSimulator(settings()).process_signals_batch(b"no Arrow"),
    5004: lambda _: busy(),
    5005: lambda _: om.ExecutionSimulator(settings())._panic(),
    5006: lambda _: broken(),
    7101: lambda _: om.Backtest(flat(), Failing(), settings()).run(),
}


@pytest.mark.parametrize("code", sorted(RAISED))
def test_each_code_can_be_raised(code, tmp_path):
    with pytest.raises(om.OmegaError) as caught:
        RAISED[code](tmp_path)
    assert caught.value.code == code, caught.value
    assert type(caught.value).__doc__.startswith(f"{code // 1000}xxx")


def test_no_code_is_left_out():
    assert RAISED.keys() | RAISED_IN_RUST == {row.code for row in all_codes()}
    constants = {value for value in vars(errors).values() if type(value) is int}
    assert constants <= {row.code for row in all_codes()}


def test_the_page_of_errors_is_up_to_date():
    spec = importlib.util.spec_from_file_location("list_errors", DOCS / "list_errors.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.TARGET.read_text(encoding="utf-8") == module.page()
