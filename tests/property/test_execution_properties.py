"""Laws of execution through the batch door: what may change a result, and what may not."""

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from random import Random

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from property.doors import bars_first, config_of, run_simulator, signals_of
from reference.cases import Case, plain_case, random_case
from reference.markets import MINUTE

import omegasim as om

SEEDS = range(2_000, 2_060)
TIMES = ("time", "signal_time", "entry_time", "exit_time", "expires")
WEEK = 7 * 24 * 60 * MINUTE


def case_of(seed: int) -> Case:
    return bars_first(random_case(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rejected_signal_changes_no_trade(seed):
    case = case_of(seed)
    hopeless = {
        "time": case.signals[-1]["time"],
        "symbol": case.signals[-1]["symbol"],
        "direction": "long",
        "volume": 1e-9,
        "tag": "hopeless",
    }
    more = run_simulator(case, signals=signals_of([*case.signals, hopeless]))
    refused = more.events.filter(pl.col("tag") == "hopeless")
    assert set(refused["kind"]) <= {"rejected", "unfilled"}
    assert refused.height == 1
    assert_frame_equal(more.trades, run_simulator(case).trades)


def shifted(case: Case, by: int) -> Case:
    """The case, all its times later."""
    later = deepcopy(case)
    for series in (*later.market.values(), *(one for levels in later.finer.values() for one in levels)):
        series["time"] = [time + by for time in series["time"]]
    for signal in later.signals:
        signal.update({name: signal[name] + by for name in TIMES if signal.get(name) is not None})
    return later


@pytest.mark.parametrize("seed", SEEDS)
def test_shifting_time_changes_nothing_but_times(seed):
    # Rollovers, sessions and dated conditions know what day it is.
    case = bars_first(plain_case(Random(seed)))
    if case.config["costs"]["slippage"]["kind"] == "uniform":
        case.config["costs"]["slippage"] = {"kind": "fixed", "pips": 0.3}
    then, now = run_simulator(case), run_simulator(shifted(case, 5 * WEEK))
    for name in ("trades", "events", "equity"):
        before, after = getattr(then, name), getattr(now, name)
        times = [column for column in TIMES if column in before.columns]
        assert_frame_equal(
            before.with_columns(pl.col(times) + pl.duration(weeks=5, time_unit="ns")), after, check_exact=True
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_equity_setting_changes_no_trade(seed):
    case = case_of(seed)
    runs = {setting: run_simulator(case, equity=setting) for setting in ("bars", "closes", "off")}
    for run in runs.values():
        assert_frame_equal(run.trades, runs["bars"].trades, check_exact=True)
        assert_frame_equal(run.events, runs["bars"].events, check_exact=True)
    assert runs["closes"].equity.height == runs["closes"].trades.height
    assert runs["off"].equity.height == 0


def test_runs_at_the_same_time_leave_what_runs_one_by_one_leave():
    cases = [case_of(seed) for seed in SEEDS]
    alone = [run_simulator(case).fingerprint for case in cases]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda case: run_simulator(case).fingerprint, cases)) == alone


@pytest.mark.parametrize("seed", SEEDS)
def test_the_balance_is_the_start_and_all_that_was_booked(seed):
    case = case_of(seed)
    result = run_simulator(case)
    booked = result.events["amount"].drop_nulls().to_list()
    balance = case.config["account"]["balance"]
    for amount in booked:
        balance += amount
    assert result.events.is_empty() or result.events["balance"][-1] == pytest.approx(balance, abs=1e-6)


@pytest.mark.parametrize("seed", range(40))
def test_worst_is_no_better_than_best_and_paths_lie_between(seed):
    """For independent positions, a constant spread and no gaps."""
    bars = om.synthetic_bars(bars=400, seed=seed, start="2024-01-03", volatility=0.3).frame
    bid = bars.select("time", open="bid_open", high="bid_high", low="bid_low", close="bid_close")
    open_ = pl.col("close").shift(1).fill_null(pl.col("open"))
    bid = bid.with_columns(open=open_).with_columns(
        high=pl.max_horizontal("open", "high"), low=pl.min_horizontal("open", "low")
    )
    rows = bid.gather_every(7).with_row_index("n")
    sign = pl.when(pl.col("n") % 2 == 0).then(1.0).otherwise(-1.0)
    signals = rows.select(
        "time",
        direction=pl.when(pl.col("n") % 2 == 0).then(pl.lit("long")).otherwise(pl.lit("short")),
        order_type=pl.lit(pl.Series(["market", "limit", "stop"])).gather(pl.col("n") % 3),
        price=pl.when(pl.col("n") % 3 > 0).then(
            pl.col("close") + sign * 2e-4 * pl.when(pl.col("n") % 3 == 1).then(-1).otherwise(1)
        ),
        stop_loss_pips=pl.lit(2.0 + seed % 3),
        take_profit_pips=pl.lit(3.0),
    )
    net = {}
    for intrabar in ("worst", "best", "ohlc", "olhc", "nearest", "candle"):
        case_config = config_of(random_case(0)).model_copy(
            update={
                "account": om.Account(currency="USD", balance=1e6),
                "instruments": (EURUSD,),
                "rules": om.Rules(intrabar=intrabar),
                "sizing": om.Sizing.fixed_lots(0.1),
                "costs": om.Costs(),
            }
        )
        net[intrabar] = om.simulate(om.Bars(bid, spread_pips=0.6), signals, case_config).trades["net"].sum()
    worst, best = net.pop("worst"), net.pop("best")
    assert worst <= best + 1e-6
    assert all(worst - 1e-6 <= path <= best + 1e-6 for path in net.values())


EURUSD = om.Instrument(
    symbol="EURUSD", base="EUR", quote="USD", tick_size=1e-5, pip_size=1e-4, contract_size=100_000.0,
    volume_min=0.01, volume_step=0.01, volume_max=200.0,
)  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_the_causes_of_risk_add_up(seed):
    metrics = run_simulator(case_of(seed)).metrics
    causes = sum(metrics[f"risk_by_{cause}"] for cause in ("grid", "minimum", "maximum", "volume", "gap"))
    difference = metrics["risk_taken"] - metrics["risk_asked"]
    assert causes == pytest.approx(difference, rel=1e-12, abs=1e-9 * (1.0 + metrics["risk_asked"]))
