"""The smallest whole run: bars, signals, settings, result."""

import polars as pl

import omegasim as om

eurusd = om.Instrument(
    symbol="EURUSD",
    base="EUR",
    quote="USD",
    tick_size=1e-5,
    pip_size=1e-4,
    contract_size=100_000,
    volume_min=0.01,
    volume_step=0.01,
    volume_max=200,
)
config = om.Config(
    account=om.Account(currency="USD", balance=100_000),
    instruments=[eurusd],
    rules=om.Rules.preset("default", max_positions=1),
    sizing=om.Sizing.risk_amount(100),
    costs=om.Costs(slippage=om.Slippage.uniform(0.1, 0.2), commission=om.Commission.per_lot(2.5)),
    seed=42,
)
bars = om.synthetic_bars(eurusd, bars=50_000)

# A stop entry above the last hour's high, with a trailing stop, for an hour.
breakouts = bars.frame.gather_every(60, offset=60).select(
    "time",
    direction=pl.lit("long"),
    order_type=pl.lit("stop"),
    price=pl.col("bid_high") + 0.0005,
    stop_loss_pips=pl.lit(10.0),
    trail_pips=pl.lit(10.0),
    expires=pl.col("time") + pl.duration(hours=1),
    tag=pl.lit("breakout"),
)

result = om.simulate(bars, breakouts, config)
print(result)
print(result.trades.select("entry_time", "exit_time", "volume", "net", "reason").head())
print(result.events.group_by("kind").len().sort("kind"))
