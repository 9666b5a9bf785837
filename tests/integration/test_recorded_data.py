"""Recorded market data: read, checked, run, and what must hold of every run."""

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_series_equal

import omegasim as om

DATA = Path(os.environ.get("OMEGASIM_DATA", Path(__file__).parents[3] / "shared" / "data")) / "real"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no recorded data at {DATA}; OMEGASIM_DATA names its folder")

FILES = {
    "EURUSD": "eurusd_m1_2014-05.parquet",
    "NZDUSD": "nzdusd_m1_2014-05.parquet",
    "XAUUSD": "xauusd_m1_2014-05.parquet",
    "DE30EUR": "de30eur_m1_2019-02.parquet",
    "GBPUSD": None,
}
GRIDS = {"XAUUSD": (0.001, 0.1, 100.0), "DE30EUR": (0.1, 1.0, 1.0)}
STOPS = {"XAUUSD": 20.0, "DE30EUR": 15.0}


def instrument(symbol: str) -> om.Instrument:
    tick, pip, contract = GRIDS.get(symbol, (1e-5, 1e-4, 100_000.0))
    return om.Instrument(
        symbol=symbol,
        base=symbol[:-3],
        quote=symbol[-3:],
        tick_size=tick,
        pip_size=pip,
        contract_size=contract,
        volume_min=0.01,
        volume_step=0.01,
        volume_max=500.0,
    )


def read(symbol: str) -> om.Bars:
    name = FILES[symbol]
    if name is not None:
        return om.read_bars(DATA / name, symbol=symbol)
    folder = DATA / "gbpusd_m1_2012-02"
    return om.read_bars(folder / "bid.csv", ask=folder / "ask.csv", symbol=symbol, clean=["crossed"])


def settings(symbol: str) -> om.Config:
    return om.Config(
        account=om.Account(currency=symbol[-3:], balance=100_000.0, leverage=100.0),
        instruments=[instrument(symbol)],
        sizing=om.Sizing.risk_amount(100.0),
        costs=om.Costs(slippage=om.Slippage.uniform(0.1, 0.2), commission=om.Commission.per_lot(2.5)),
        seed=42,
    )


def derived(bars: pl.DataFrame, pips: float) -> pl.DataFrame:
    """Follow every crossing of the close and its hourly average."""
    above = pl.col("bid_close") > pl.col("bid_close").rolling_mean(60)
    return (
        bars.select("time", above=above)
        .filter(pl.col("above") != pl.col("above").shift())
        .select(
            "time",
            direction=pl.when("above").then(pl.lit("long")).otherwise(pl.lit("short")),
            stop_loss_pips=pl.lit(pips),
            take_profit_pips=pl.lit(2 * pips),
        )
    )


def simulated(symbol: str) -> om.Result:
    bars = read(symbol)
    return om.simulate(bars, derived(bars.frame, STOPS.get(symbol, 8.0)), settings(symbol))


@pytest.fixture(scope="module", params=FILES)
def run(request):
    bars = read(request.param)
    result = om.simulate(bars, derived(bars.frame, STOPS.get(request.param, 8.0)), settings(request.param))
    assert result.trades.height > 20
    return request.param, bars.frame, result


def side_of_fill(trades: pl.DataFrame, bars: pl.DataFrame, leg: str) -> pl.DataFrame:
    """Each fill with low and high of the side it traded on, in the bar of its time."""
    buys = (pl.col("direction") == "long") == (leg == "entry")
    joined = trades.join(bars, left_on=f"{leg}_time", right_on="time", how="left")
    return joined.select(
        price=f"{leg}_price",
        slippage=f"slippage_{leg}",
        low=pl.when(buys).then("ask_low").otherwise("bid_low"),
        high=pl.when(buys).then("ask_high").otherwise("bid_high"),
    )


@pytest.mark.parametrize("leg", ["entry", "exit"])
def test_g_every_fill_lies_within_the_bar_of_its_time_on_its_side(run, leg):
    symbol, bars, result = run
    fills = side_of_fill(result.trades, bars, leg)
    room = pl.col("slippage") + instrument(symbol).tick_size / 100
    outside = fills.filter(
        (pl.col("price") < pl.col("low") - room) | (pl.col("price") > pl.col("high") + room) | pl.col("low").is_null()
    )
    assert outside.is_empty(), outside


def test_a4_the_balance_is_the_start_and_every_net_since(run):
    _, _, result = run
    last = result.equity["balance"][-1]
    assert last == pytest.approx(100_000.0 + result.trades["net"].sum(), abs=1e-6)
    assert last == pytest.approx(result.metrics["final_balance"], abs=1e-9)


def test_a1_net_is_result_less_commission_plus_swap(run):
    trades = run[2].trades
    assert_series_equal(
        trades["net"], trades["result"] - trades["commission"] + trades["swap"], check_names=False, abs_tol=1e-9
    )


def test_t3_no_trade_starts_before_its_signal_is_known(run):
    assert run[2].trades.select((pl.col("entry_time") > pl.col("signal_time")).all()).item()
    assert run[2].trades.select((pl.col("exit_time") >= pl.col("entry_time")).all()).item()


def test_a4_equity_has_a_row_for_each_bar(run):
    _, bars, result = run
    assert_series_equal(result.equity["time"], bars["time"])


def test_r1_the_same_fingerprint_again_and_in_a_fresh_process(run):
    symbol, _, result = run
    assert simulated(symbol).fingerprint == result.fingerprint
    code = f"import logging, test_recorded_data as t; logging.disable(); print(t.simulated({symbol!r}).fingerprint)"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == result.fingerprint


def test_q3_the_gbpusd_pair_is_refused_by_default_with_row_and_values():
    folder = DATA / "gbpusd_m1_2012-02"
    with pytest.raises(om.InputError, match=r"GBPUSD: row \d+ at 2012-02-\S+: \w+ ask 1\.\d+ is below bid 1\.\d+"):
        om.read_bars(folder / "bid.csv", ask=folder / "ask.csv", symbol="GBPUSD")


def test_q3_the_gbpusd_pair_is_clean_after_cleaning():
    bars = read("GBPUSD")
    assert bars.cleaned["crossed"] >= 347
    assert bars.frame.filter(pl.col("ask_close") < pl.col("bid_close")).is_empty()


def test_q3_crossed_ticks_are_refused_and_cleaned_on_request():
    path = DATA / "eurusd_ticks_crossed_2014-05-02.parquet"
    with pytest.raises(om.InputError, match=r"row \d+ at 2014-05-02T\S+"):
        om.read_ticks(path)
    ticks = om.read_ticks(path, clean="crossed")
    assert ticks.cleaned == {"crossed": 12_061}
    assert len(ticks) == 96_406 - 12_061


def test_q3_the_corrupt_file_is_refused():
    with pytest.raises(om.InputError, match=r"row \d+ at 2024-11-\S+: bid open"):
        om.read_bars(DATA / "corrupt_eurusd_m1.csv", spread_pips=0.8, instrument=instrument("EURUSD"))


def test_q2_the_ask_side_alone_becomes_both_sides_on_the_grid():
    bars = om.read_bars(
        DATA / "dukascopy_csv_eurusd_h1_ask_2017.csv", side="ask", spread_pips=0.5, instrument=instrument("EURUSD")
    )
    assert bars.frame["time"][0].isoformat() == "2017-01-01T22:00:00+00:00"
    assert bars.frame["bid_open"][0] == 1.05231
    assert bars.frame["ask_open"][0] == 1.05236
