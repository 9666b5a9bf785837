"""Instruction counts of fixed workloads against stored ones: `make bench-gate`.

Counts repeat on any machine, times do not. More than five percent up fails; with another compiler, target,
Cargo.lock or width of the processor's vectors than the stored ones had, the counts are reported and nothing fails.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
STORED = Path(__file__).with_name("instructions.json")
# Rows of each; a hundredth of a second natively, a few seconds under callgrind.
WORKLOADS = {
    "check": 50_000,
    "run": 50_000,
    "equity": 50_000,
    "trailing": 20_000,
    "crowd": 10_000,
    "converted": 20_000,
    "ticks": 200_000,
}
LIMIT = 1.05


def main() -> int:
    """Count, compare, say so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", action="store_true", help="keep these counts as those to compare with")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        print("bench-gate: valgrind is missing; nothing was counted")
        return 0
    binary = build()
    found = {"built": built(), "counts": {name: count(binary, name, rows) for name, rows in WORKLOADS.items()}}
    if options.store:
        STORED.write_text(json.dumps(found, indent=2) + "\n")
    stored = json.loads(STORED.read_text())
    return compared(stored, found)


def build() -> Path:
    """The example that runs the workloads, as released, with its symbols."""
    command = ["cargo", "build", "--locked", "--release", "--package", "omegasim-core", "--example", "workloads"]
    subprocess.run(command, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release" / "examples" / "workloads"


def built() -> dict[str, str]:
    """What the counts depend on beside the code."""
    version = subprocess.run(["rustc", "-vV"], check=True, capture_output=True, text=True).stdout
    facts = dict(line.split(": ", 1) for line in version.splitlines() if ": " in line)
    lock = hashlib.sha256((ROOT / "Cargo.lock").read_bytes()).hexdigest()
    return {"compiler": facts["release"], "target": facts["host"], "lock": lock, "vectors": vectors()}


def vectors() -> str:
    """The widest vectors that the core looks for and the processor has."""
    try:
        flags = Path("/proc/cpuinfo").read_text().split()
    except OSError:
        return "unknown"
    return "avx2" if "avx2" in flags else "sse2"


def count(binary: Path, name: str, rows: int) -> int:
    """Instructions of one workload, its preparation aside."""
    counter = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    command = [*counter, "--toggle-collect=*workloads*measured*", binary, name, str(rows), "1"]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    line = next(line for line in run.stderr.splitlines() if "Collected" in line)
    return int(line.split()[-1])


def compared(stored: dict[str, dict[str, object]], found: dict[str, dict[str, object]]) -> int:
    """Print both counts of each workload; 1 where one rose too much and they can be compared."""
    worse = []
    for name, instructions in found["counts"].items():
        before = stored["counts"].get(name, instructions)
        print(f"{name:10} {instructions:>14,} instructions, {instructions / before - 1:+.1%}")
        if instructions > before * LIMIT:
            worse.append(name)
    differs = [name for name, value in found["built"].items() if stored["built"].get(name) != value]
    if differs:
        print(f"bench-gate: stored with another {', '.join(differs)}: reported only")
        return 0
    if worse:
        print(f"bench-gate: more than 5% up: {', '.join(worse)}; `--store` keeps the new counts", file=sys.stderr)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
