"""A run from a config file: write the inputs, then `omegasim run examples.toml --out runs/examples`."""

import subprocess
import sys
from pathlib import Path

import polars as pl

import omegasim as om

CONFIG = """\
seed = 42

[account]
currency = "USD"
balance = 100_000.0

[[instruments]]
symbol = "EURUSD"
base = "EUR"
quote = "USD"
tick_size = 1e-5
pip_size = 1e-4
contract_size = 100_000.0
volume_min = 0.01
volume_step = 0.01
volume_max = 200.0

[rules]
preset = "metatrader"
max_positions = 1

[sizing]
kind = "risk_amount"
amount = 100.0

[costs]
slippage = { kind = "fixed", pips = 0.2 }
commission = { kind = "per_lot", amount = 2.5 }

[data.EURUSD]
bars = "eurusd.parquet"

[signals]
path = "signals.csv"
"""

bars = om.synthetic_bars(bars=50_000)
bars.frame.write_parquet("eurusd.parquet")
bars.frame.gather_every(400).select(
    "time", direction=pl.lit("short"), stop_loss_pips=pl.lit(15.0), take_profit_pips=pl.lit(20.0)
).write_csv("signals.csv")
Path("examples.toml").write_text(CONFIG)

omegasim = Path(sys.executable).with_name("omegasim")
subprocess.run([omegasim, "run", "examples.toml", "--out", "runs/examples"], check=True)
print(om.load_result("runs/examples"))
