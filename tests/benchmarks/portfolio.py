"""Time of a bar in `simulate` over one and several symbols, and where the rate moves; the best of five calls each.

300,000 one-minute bars a symbol, a market order at every 500th, one position a symbol, stop loss 20 and take profit 30
pips, with and without equity on every bar.
"""

import os
import time

import polars as pl

import omegasim as om

ROWS, EVERY, REPEATS = 300_000, 500, 5
WORK = (
    ("USD", ("EURUSD",)),
    ("USD", ("EURUSD", "GBPUSD")),
    ("USD", ("EURUSD", "GBPUSD", "AUDUSD", "NZDUSD")),
    ("EUR", ("EURUSD",)),
)
INSTRUMENTS = {symbol: om.instruments.fx(symbol) for symbol in WORK[2][1]}
BARS = {symbol: om.synthetic_bars(one, bars=ROWS, seed=seed) for seed, (symbol, one) in enumerate(INSTRUMENTS.items())}


def signals_of(symbol: str) -> pl.DataFrame:
    levels = {"stop_loss_pips": pl.lit(20.0), "take_profit_pips": pl.lit(30.0)}
    named = {"symbol": pl.lit(symbol), "direction": pl.lit("long")}
    return BARS[symbol].frame.gather_every(EVERY).select("time", **named, **levels)


def nanoseconds_a_bar(currency: str, symbols: tuple[str, ...], equity: str) -> float:
    config = om.Config(
        account=om.Account(currency=currency, balance=1e6, leverage=500.0),
        instruments=[INSTRUMENTS[symbol] for symbol in symbols],
        rules=om.Rules.preset("default", max_positions=1),
        sizing=om.Sizing.fixed_lots(0.1),
    )
    bars = {symbol: BARS[symbol] for symbol in symbols}
    signals = pl.concat([signals_of(symbol) for symbol in symbols]).sort("time", maintain_order=True)
    spent = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        om.simulate(bars, signals, config, equity=equity)
        spent.append(time.perf_counter() - start)
    return min(spent) * 1e9 / (ROWS * len(symbols))


def main() -> None:
    print(f"ns a bar, without and with equity; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for currency, symbols in WORK:
        without, with_equity = (nanoseconds_a_bar(currency, symbols, equity) for equity in ("off", "bars"))
        print(f"{currency} {', '.join(symbols):36}{without:8.1f}{with_equity:8.1f}")


if __name__ == "__main__":
    main()
