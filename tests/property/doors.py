"""The same work through the simulator and through the plain-Python oracle."""

from dataclasses import replace
from typing import Any

import polars as pl
from reference import simulate as reference_run
from reference.cases import Case
from reference.rates import RateError
from reference.signals import TIMEFRAMES

import omegasim as om

SECOND = 1_000_000_000
TIME = pl.Datetime("ns", "UTC")
SIDES = ("open", "high", "low", "close")
NAMES = {seconds * SECOND: name for name, seconds in TIMEFRAMES.items()}
TYPES = {
    "time": TIME, "symbol": pl.String, "action": pl.String, "direction": pl.String, "order_type": pl.String,
    "price": pl.Float64, "limit_price": pl.Float64, "stop_loss": pl.Float64, "take_profit": pl.Float64,
    "stop_loss_pips": pl.Float64, "take_profit_pips": pl.Float64, "volume": pl.Float64, "risk": pl.Float64,
    "magic": pl.Int64, "ticket": pl.UInt64, "fraction": pl.Float64, "expires": TIME, "trail_pips": pl.Float64,
    "trail_start_pips": pl.Float64, "trail_step_pips": pl.Float64, "break_even_pips": pl.Float64,
    "break_even_offset_pips": pl.Float64, "max_holding": pl.Duration("ns"), "oco": pl.Int64, "tag": pl.String,
}  # fmt: skip


def series_of(symbol: str, series: dict[str, Any]) -> om.Bars | om.Ticks:
    """A market series of a case as bars or ticks."""
    times = pl.Series("time", series["time"], dtype=pl.Int64).cast(TIME)
    if series["kind"] == "ticks":
        return om.Ticks(pl.DataFrame([times]).with_columns(bid=pl.Series(series["bid"]), ask=pl.Series(series["ask"])))
    sides = [side for side in ("bid", "ask") if series[side] is not None]
    columns = {f"{side}_{name}": [row[i] for row in series[side]] for side in sides for i, name in enumerate(SIDES)}
    frame = pl.DataFrame([times, *(pl.Series(name, values, dtype=pl.Float64) for name, values in columns.items())])
    return om.Bars(frame, symbol=symbol, timeframe=NAMES[series["timeframe"]])


def signals_of(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """The signals of a case as a table."""
    names = [name for name in TYPES if any(name in row for row in rows)]
    columns = []
    for name in names:
        values, dtype = [row.get(name) for row in rows], TYPES[name]
        physical = pl.Int64 if dtype == TIME or isinstance(dtype, pl.Duration) else dtype
        columns.append(pl.Series(name, values, dtype=physical).cast(dtype))
    return pl.DataFrame(columns)


def config_of(case: Case) -> om.Config:
    """The settings of a case."""
    return om.Config.model_validate(case.config)


def run_simulator(case: Case, equity: str = "bars", **changes: Any) -> om.Result:
    """A case through the batch door."""
    market = {symbol: series_of(symbol, series) for symbol, series in case.market.items()}
    finer = {symbol: [series_of(symbol, s) for s in levels] for symbol, levels in case.finer.items()}
    return om.simulate(
        {symbol: series for symbol, series in market.items() if isinstance(series, om.Bars)} or None,
        changes.get("signals", signals_of(case.signals)),
        changes.get("config", config_of(case)),
        ticks={symbol: series for symbol, series in market.items() if isinstance(series, om.Ticks)} or None,
        finer=finer or None,
        rates=changes.get("rates") or {pair: series_of(pair, one) for pair, one in case.rates.items()} or None,
        equity=equity,
    )


def bars_first(case: Case) -> Case:
    """The case with its symbols in the order in which the batch door takes them."""
    symbols = sorted(case.market, key=lambda symbol: case.market[symbol]["kind"] == "ticks")
    return replace(case, market={symbol: case.market[symbol] for symbol in symbols})


def rows_of(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """A table as rows, times as nanoseconds."""
    times = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime)]
    return frame.with_columns(pl.col(times).cast(pl.Int64)).to_dicts()


def first_difference(name: str, expected: list[dict[str, Any]], found: list[dict[str, Any]]) -> str | None:
    """Where two tables differ first; floats compare bit for bit."""
    for row, (ours, theirs) in enumerate(zip(expected, found, strict=False)):
        keys = [key for key in ours if repr(ours[key]) != repr(theirs[key])]
        if keys:
            facts = ", ".join(f"{key} {ours[key]!r} and {theirs[key]!r}" for key in keys)
            return f"{name} row {row}: oracle and simulator say {facts}\noracle    {ours}\nsimulator {theirs}"
    if len(expected) != len(found):
        return f"{name}: {len(expected)} rows of the oracle, {len(found)} of the simulator"
    return None


def _refusal_differs(case: Case, error: RateError) -> str | None:
    """F2: the simulator refuses what the oracle refuses, for the same pair."""
    try:
        run_simulator(case)
    except om.InputError as refusal:
        return None if str(error)[:6] in str(refusal) else f"the oracle says {error}, the simulator {refusal}"
    return f"the oracle says {error}, the simulator runs"


def disagreement(case: Case) -> str | None:
    """Where the simulator and the oracle disagree over a case, if they do."""
    case = bars_first(case)
    try:
        expected = reference_run(case.config, case.market, case.signals, case.finer, rates=case.rates)
    except RateError as error:
        return _refusal_differs(case, error)
    found = run_simulator(case)
    differences = (first_difference(*table) for table in _tables(expected, found))
    return next((difference for difference in differences if difference), None) or _curve_matters(found, case)


def _tables(expected: Any, found: om.Result) -> list[tuple[str, list[dict[str, Any]], list[dict[str, Any]]]]:
    """Each table of the oracle beside that of the simulator."""
    tickets = [
        (name, [{"ticket": row["ticket"]} for row in getattr(expected, name)],
         rows_of(getattr(found, name).select("ticket")))
        for name in ("orders", "open_positions")
    ]  # fmt: skip
    return [
        ("events", expected.events, rows_of(found.events)),
        ("trades", expected.trades, rows_of(found.trades)),
        ("equity", expected.equity, rows_of(found.equity)),
        ("stale rates", [expected.stale_rates], [found.record.stale_rates.model_dump()]),
        *tickets,
    ]


def _curve_matters(found: om.Result, case: Case) -> str | None:
    """A run without an equity curve passes over more, and leaves the same trades, events and open positions."""
    without = run_simulator(case, equity="off")
    for name in ("events", "trades", "orders", "open_positions"):
        if difference := first_difference(name, rows_of(getattr(found, name)), rows_of(getattr(without, name))):
            return f"without equity: {difference}"
    ours, theirs = found.record.stale_rates, without.record.stale_rates
    return None if ours == theirs else f"without equity: stale rates {ours} and {theirs}"
