"""The same orders over ticks, over minutes, and over minutes drilled to ticks: what the minutes alone get wrong.

Prints a table of one line a market. Needs a folder of recorded data with minutes and ticks of one day:
`python examples/ticks_bars_drilled.py DIR`.
"""

import sys
from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl

import omegasim as om

EURUSD = om.Instrument(
    symbol="EURUSD", base="EUR", quote="USD", tick_size=1e-5, pip_size=1e-4, contract_size=100_000.0,
    volume_min=0.01, volume_step=0.01, volume_max=200.0,
)  # fmt: skip
XAUUSD = om.Instrument(
    symbol="XAUUSD", base="XAU", quote="USD", tick_size=1e-3, pip_size=0.1, contract_size=100.0,
    volume_min=0.01, volume_step=0.01, volume_max=200.0,
)  # fmt: skip
DAYS = (
    (EURUSD, "eurusd_m1_2014-05.parquet", "eurusd_ticks_2014-05-02.parquet", date(2014, 5, 2), 1e-4, 3.0),
    (EURUSD, "eurusd_m1_2014-05.parquet", "eurusd_ticks_2014-05-08.parquet", date(2014, 5, 8), 1e-4, 3.0),
    (XAUUSD, "xauusd_m1_2014-05.parquet", "xauusd_ticks_2014-05-02.parquet", date(2014, 5, 2), 0.1, 6.0),
)
COMPARED = ["ticket", "entry_time", "entry_price", "exit_time", "exit_price", "volume", "net", "reason", "gap"]


def orders(minutes: pl.DataFrame, pip: float, pips: float) -> pl.DataFrame:
    """Every fifth minute a market order, a limit and a stop near the market, with tight exits."""
    rows = minutes.gather_every(5).with_row_index("n")
    sign = pl.when(pl.col("n") % 2 == 0).then(1.0).otherwise(-1.0)
    kinds = pl.lit(pl.Series(["market", "limit", "stop"], dtype=pl.String))
    price = (
        pl.when(pl.col("n") % 3 == 1)
        .then(pl.col("bid_close") - sign * pips * pip)
        .otherwise(pl.col("bid_close") + sign * pips * pip)
    )
    return rows.select(
        "time",
        direction=pl.when(pl.col("n") % 2 == 0).then(pl.lit("long")).otherwise(pl.lit("short")),
        order_type=kinds.gather(pl.col("n") % 3),
        price=pl.when(pl.col("n") % 3 > 0).then(price),
        stop_loss_pips=pl.lit(1.5 * pips),
        take_profit_pips=pl.lit(2.0 * pips),
        expires=pl.when(pl.col("n") % 3 > 0).then(pl.col("time") + pl.duration(minutes=45)),
    )


def config(instrument: om.Instrument, intrabar: Literal["worst", "drill"] = "worst") -> om.Config:
    """Signals of a minute act when it is over; what is open at the end stays open."""
    return om.Config(
        account=om.Account(currency="USD", balance=1_000_000.0),
        instruments=[instrument],
        rules=om.Rules(intrabar=intrabar, signal_timeframe="M1", end_of_data="keep"),
        sizing=om.Sizing.fixed_lots(0.1),
    )


def runs(
    folder: Path, instrument: om.Instrument, bars: str, ticks: str, day: date, pip: float, pips: float
) -> dict[str, om.Result]:
    """One day as ticks, as minutes, and as minutes drilled to ticks."""
    minutes = pl.read_parquet(folder / bars).filter(pl.col("time").dt.date() == day)
    quotes = om.read_ticks(folder / ticks)
    signals = orders(minutes, pip, pips)
    return {
        "ticks": om.simulate(None, signals, config(instrument), ticks=quotes),
        "minutes": om.simulate(minutes, signals, config(instrument)),
        "drilled": om.simulate(minutes, signals, config(instrument, "drill"), finer=quotes),
    }


def same_trades(one: om.Result, other: om.Result) -> int:
    """How many trades of two runs are the same, tickets, times, prices and money."""
    return one.trades.select(COMPARED).join(other.trades.select(COMPARED), on=COMPARED, how="inner").height


def row(name: str, results: dict[str, om.Result]) -> str:
    """One line of the table."""
    ticks, minutes, drilled = (results[way] for way in ("ticks", "minutes", "drilled"))
    net = [result.trades["net"].sum() for result in (ticks, minutes, drilled)]
    reasons = [dict(result.trades.select("ticket", "reason").iter_rows()) for result in (ticks, minutes)]
    other = sum(reasons[0][ticket] != reason for ticket, reason in reasons[1].items() if ticket in reasons[0])
    return (
        f"| {name} | {ticks.trades.height} | {minutes.trades.height} | {other} | {minutes.trades['ambiguous'].sum()} "
        f"| {same_trades(ticks, drilled)} of {drilled.trades.height} | {net[0]:,.2f} | {net[1]:,.2f} | {net[2]:,.2f} |"
    )


def main(folder: Path) -> None:
    """Print the table."""
    print("| day | trades on ticks | on minutes | other exit on minutes | ambiguous | drilled as on ticks "
          "| net on ticks | on minutes | drilled |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|")
    for instrument, bars, ticks, day, pip, pips in DAYS:
        print(row(f"{instrument.symbol} {day}", runs(folder, instrument, bars, ticks, day, pip, pips)))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        print("skipped: give the folder of the recorded data")
