"""Section: from gross to net, what each cost took."""

from typing import TYPE_CHECKING

import polars as pl

from omegasim.report.number import signed, tone
from omegasim.report.section import Section, chart, note, row_head, table, toned

if TYPE_CHECKING:
    from omegasim.config import Config
    from omegasim.result import Result

_FORMULA = (
    "Spread = half the spread at the open of the entry's bar + half the spread at the open of the exit's bar, "
    "times volume, times the worth of a price step: what trading at mid would have saved. "
    "Slippage = (slippage_entry + slippage_exit) times volume times the same. Both are inside the prices already; "
    "commission and swap are booked beside them. R: each trade's amount / its risk_per_trade, added up."
)
_NO_SPREAD = (
    "The spread's share is not known here: it needs the bars, and a saved run holds none. "
    "The first column is therefore the result at bid and ask before slippage."
)


def costs_section(result: "Result", quotes: dict[str, pl.DataFrame]) -> Section:
    """A waterfall in money and in R."""
    known = bool(quotes) and all(not frame["spread"].is_null().all() for frame in quotes.values())
    steps = cost_steps(with_costs(result, quotes if known else {}))
    if not known:
        steps = [step for step in steps if step[0] != "spread"]
    currency = result.config.account.currency
    rows = (
        (row_head(name), toned(signed(money), tone(money)), toned(signed(r, 3), tone(r))) for name, money, r in steps
    )
    html = chart("costs", "Gross to net", 340) + table(("", currency, "R"), rows, "steps")
    html += note(_FORMULA if known else f"{_NO_SPREAD} {_FORMULA}")
    return Section("costs", "Costs", html, {"costs": steps})


def with_costs(result: "Result", quotes: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Trades with `spread_cost` and `slippage_cost` in account money, above zero where they cost."""
    trades = result.trades.with_row_index("row")
    worth = worth_of_price(result.config)
    parts = [
        _spreads(group, quotes.get(str(symbol))) for (symbol,), group in trades.group_by("symbol", maintain_order=True)
    ]
    if not parts:
        return trades.with_columns(spread_cost=pl.lit(0.0), slippage_cost=pl.lit(0.0))
    slipped = (pl.col("slippage_entry") + pl.col("slippage_exit")).fill_null(0.0)
    return (
        pl.concat(parts)
        .sort("row")
        .with_columns(
            spread_cost=pl.col("spread") * pl.col("volume") * worth, slippage_cost=slipped * pl.col("volume") * worth
        )
    )


def worth_of_price(config: "Config") -> pl.Expr:
    """Account money that one lot gains when the price rises by 1; converted at the rate of the exit."""
    account, symbol = config.account.currency, pl.col("symbol")
    constant = {
        one.symbol: one.tick_value / one.tick_size if one.tick_value else one.contract_size
        for one in config.instruments
    }
    fixed = {one.symbol for one in config.instruments if one.tick_value or one.quote == account}
    sign = pl.when(pl.col("direction") == "long").then(1.0).otherwise(-1.0)
    moved = (pl.col("exit_price") - pl.col("entry_price")) * sign * pl.col("volume")
    stopped = (pl.col("entry_price") - pl.col("initial_stop_loss")).abs() * pl.col("volume")
    plain = symbol.replace_strict(list(constant), list(constant.values()), default=1.0, return_dtype=pl.Float64)
    return (
        pl.when(symbol.is_in(list(fixed)))
        .then(plain)
        .when(moved.abs() > 0)
        .then(pl.col("result") / moved)
        .when(stopped > 0)
        .then(pl.col("risk") / stopped)
        .otherwise(plain)
    )


def _spreads(trades: pl.DataFrame, quotes: pl.DataFrame | None) -> pl.DataFrame:
    """Half the spread of the way in and half of the way out, in price."""
    if quotes is None:
        return trades.with_columns(spread=pl.lit(0.0))
    spreads = quotes.select("time", "spread").unique("time", keep="first", maintain_order=True).set_sorted("time")
    for leg in ("entry", "exit"):
        found = (
            trades.select("row", time=f"{leg}_time")
            .sort("time")
            .join_asof(spreads, on="time")
            .select("row", pl.col("spread").fill_null(0.0).alias(f"{leg}_spread"))
        )
        trades = trades.join(found, on="row", how="left", maintain_order="left")
    half = (pl.col("entry_spread") + pl.col("exit_spread")) / 2
    return trades.with_columns(spread=half).drop("entry_spread", "exit_spread")


def cost_steps(trades: pl.DataFrame) -> list[tuple[str, float, float]]:
    """Name, money and R of every step from gross to net."""
    slippage, spread = pl.col("slippage_cost"), pl.col("spread_cost")
    amounts = {
        "gross": pl.col("result") + spread + slippage,
        "spread": -spread,
        "slippage": -slippage,
        "commission": -pl.col("commission"),
        "swap": pl.col("swap"),
        "net": pl.col("net"),
    }
    asked = pl.col("risk_per_trade")
    sums = trades.select(
        **{name: amount.sum() for name, amount in amounts.items()},
        **{
            f"{name}_r": pl.when(asked > 0).then(amount / asked).otherwise(0.0).sum()
            for name, amount in amounts.items()
        },
    ).row(0, named=True)
    return [(name, float(sums[name]), float(sums[f"{name}_r"])) for name in amounts]
