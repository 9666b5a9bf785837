"""Give every peer the same arrays and print one table: `make bench-peers`.

Each peer has an environment of its own under `build/peers/`; one that cannot be installed is left out, with a word.
"""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import venv
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

import omegasim as om

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "peers"


@dataclass(frozen=True)
class Peer:
    """A script, what it needs, and how much of the work it is given."""

    name: str
    script: str
    packages: tuple[str, ...] = ()
    rows: int = 1_000_000
    repeats: int = 9


OMEGA = Peer("omegasim", "omegasim_peer.py")
PEERS = (
    Peer("numba loop", "numba_loop.py", ("numba", "numpy")),
    Peer("plain Python loop", "plain_loop.py", ("numpy",), repeats=7),
    Peer("vectorbt, Rust", "vectorbt_peer.py", ("vectorbt", "vectorbt-rust"), repeats=7),
    Peer("backtesting.py", "backtesting_peer.py", ("backtesting",), rows=200_000, repeats=3),
    Peer("raptorbt", "raptorbt_peer.py", ("raptorbt", "numpy"), repeats=7),
    Peer("hftbacktest", "hftbacktest_peer.py", ("hftbacktest",), repeats=5),
    Peer("backtrader", "backtrader_peer.py", ("backtrader", "pandas"), rows=100_000, repeats=1),
    Peer("NautilusTrader", "nautilus_peer.py", ("nautilus_trader",), rows=100_000, repeats=1),
)


def main() -> None:
    """Make the arrays, ask everyone, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", help="peers whose names contain one of these")
    parser.add_argument("--json", type=Path, help="where the answers go")
    options = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    data = BUILD / "bars.npz"
    store(data)
    own = asked(OMEGA, Path(sys.executable), data)
    answers = [(peer, answer) for peer in PEERS if wanted(peer, options.only) for answer in answers_of(peer, data)]
    # Once more at the end: what the machine does meanwhile must not decide.
    again = asked(OMEGA, Path(sys.executable), data)
    rows = {peer.rows for peer, _ in answers}
    expected = {
        count: results(asked(replace(OMEGA, rows=count, repeats=1), Path(sys.executable), data)) for count in rows
    }
    print(table(own, again, answers, expected))
    if options.json:
        options.json.write_text(json.dumps([own, again, [(peer.name, answer) for peer, answer in answers]], indent=1))


def wanted(peer: Peer, only: list[str] | None) -> bool:
    """Whether the command line asks for a peer."""
    return not only or any(part.lower() in peer.name.lower() for part in only)


def store(path: Path) -> None:
    """A million minutes whose ask is their bid, so that peers without a spread can agree."""
    frame = om.synthetic_bars(bars=1_000_000, seed=1).frame
    columns = {name: frame[f"bid_{name}"].to_numpy() for name in ("open", "high", "low", "close")}
    np.savez(path, time=frame["time"].to_physical().to_numpy(), **columns)


def answers_of(peer: Peer, data: Path) -> list[dict[str, object]]:
    """Install and ask a peer; nothing where that fails."""
    home = BUILD / peer.script.removesuffix("_peer.py").removesuffix(".py")
    python = home / "bin" / "python"
    try:
        if not (home / "installed").exists():
            venv.create(home, with_pip=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", *peer.packages], check=True)
            (home / "installed").touch()
        return asked(peer, python, data)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"{peer.name}: left out: {error}", file=sys.stderr)
        return []


def asked(peer: Peer, python: Path, data: Path) -> list[dict[str, object]]:
    """Run a peer's script in its environment; one answer a line."""
    command = [python, HERE / peer.script, data, str(peer.rows), str(peer.repeats)]
    # raptorbt would ask the package index for a newer version of itself.
    environment = {**os.environ, "RAPTORBT_NO_VERSION_CHECK": "1"}
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    lines = [line for line in run.stdout.splitlines() if line.startswith("{")]
    return [{**json.loads(line), "rows": peer.rows} for line in lines]


def results(answers: list[dict[str, object]]) -> dict[str, tuple[object, object]]:
    """Trades and profit of each work."""
    return {str(one["work"]): (one["trades"], one["profit"]) for one in answers}


def table(
    own: list[dict[str, object]],
    again: list[dict[str, object]],
    answers: list[tuple[Peer, dict[str, object]]],
    expected: dict[int, dict[str, tuple[object, object]]],
) -> str:
    """The answers as a Markdown table; ratios are per bar, against the slower of Omega's two."""
    best = {str(one["work"]): max(one["seconds"], two["seconds"]) for one, two in zip(own, again, strict=True)}
    expected = {**expected, OMEGA.rows: results(own)}
    lines = [
        f"{datetime.date.today()}, {machine()}",
        "",
        "| who | work | bars | median | repeats | times Omega's | trades | profit | agrees |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for who, one in [*(("omegasim", one) for one in (*own, *again)), *((peer.name, one) for peer, one in answers)]:
        versions = ", ".join(f"{name} {version}" for name, version in one["versions"].items())
        name = versions if who in versions else f"{who} ({versions})"
        work, rows = str(one["work"]), one["rows"]
        ratio = one["seconds"] / rows / (best[work] / OMEGA.rows)
        bars = "100 x 100,000" if work == "sweep" else f"{rows:,}"
        lines.append(
            f"| {name} | {work} | {bars} | {one['seconds'] * 1e3:,.2f} ms | {one['repeats']} | {ratio:,.2f} "
            f"| {one['trades']:,} | {one['profit']:,.2f} | {agreement(one, expected[rows][work])} |"
        )
    return "\n".join(lines)


def agreement(one: dict[str, object], result: tuple[object, object]) -> str:
    """Whether trades and profit are Omega's on the same bars, to the cent."""
    if one["trades"] == result[0] and abs(one["profit"] - result[1]) < 0.01:
        return "yes"
    return f"{one['trades'] - result[0]:+d} trades, {one['profit'] - result[1]:+,.2f}"


def machine() -> str:
    """What the figures were measured on."""
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if "model name" in line), platform.processor())
    return f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
