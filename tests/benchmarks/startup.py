"""Time of whole commands, from the start of Python to its end: an import, and a year of minutes run from Parquet.

372,000 one-minute bars, a market order at every 74th, stop loss 10 and take profit 15 pips, equity on every bar; each
command is called fifteen times after one that does not count.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import polars as pl

import omegasim as om

ROWS, EVERY, REPEATS = 372_000, 74, 15
CONFIG = """
[account]
currency = "USD"
balance = 100000.0
[[instruments]]
symbol = "EURUSD"
base = "EUR"
quote = "USD"
tick_size = 0.00001
pip_size = 0.0001
contract_size = 100000.0
volume_min = 0.01
volume_step = 0.01
volume_max = 200.0
[sizing]
kind = "fixed_lots"
amount = 0.1
[data.EURUSD]
bars = "bars.parquet"
[signals]
path = "signals.parquet"
"""
OMEGASIM = str(Path(sys.executable).with_name("omegasim"))
RUN = (OMEGASIM, "run", "config.toml", "--out", "run", "--force", "--quiet")
COMMANDS: dict[str, tuple[tuple[str, ...], float | None]] = {
    "python -c pass": ((sys.executable, "-c", "pass"), None),
    "import omegasim": ((sys.executable, "-c", "import omegasim"), 0.15),
    "omegasim run --no-report": ((*RUN, "--no-report"), 0.6),
    "omegasim run, with its page": (RUN, None),
}


def write_inputs(folder: Path) -> None:
    bars = om.synthetic_bars(om.instruments.fx("EURUSD"), bars=ROWS, seed=2).frame
    levels = {"stop_loss_pips": pl.lit(10.0), "take_profit_pips": pl.lit(15.0)}
    bars.write_parquet(folder / "bars.parquet")
    bars.gather_every(EVERY).select("time", direction=pl.lit("long"), **levels).write_parquet(
        folder / "signals.parquet"
    )
    (folder / "config.toml").write_text(CONFIG)


def seconds(command: Sequence[str], folder: Path) -> float:
    # Compiled modules are kept, as where they were installed.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True)
    return time.perf_counter() - start


def main() -> None:
    print(f"seconds of {REPEATS} calls; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'':28}{'median':>8}{'best':>8}{'worst':>8}{'goal':>8}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_inputs(folder)
        for what, (command, goal) in COMMANDS.items():
            spent = [seconds(command, folder) for _ in range(1 + REPEATS)][1:]
            figures = (statistics.median(spent), min(spent), max(spent))
            print(f"{what:28}{''.join(f'{figure:8.3f}' for figure in figures)}{'' if goal is None else f'{goal:8.2f}'}")


if __name__ == "__main__":
    main()
