"""Many random cases through the simulator and the oracle, over all cores: `make fuzz`."""

import argparse
import multiprocessing
import sys

from property.doors import disagreement
from reference.cases import random_case
from reference.converted_cases import converted_case
from reference.lone_cases import lone_case
from reference.portfolio_cases import portfolio_case

BLOCK = 100
# Anything; several symbols; orders that stand alone; what is held while rates move.
CASES = (random_case, portfolio_case, random_case, lone_case, converted_case)


def check(first: int) -> list[str]:
    """The disagreements of a block of seeds, whose cases take turns."""
    found = []
    for seed in range(first, first + BLOCK):
        case = CASES[seed % len(CASES)]
        if difference := disagreement(case(seed)):
            found.append(f"{case.__name__}({seed}): {difference}")
    return found


def main() -> int:
    """Run, print what disagrees, and say how many cases there were."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=1_000_000, help="first seed")
    options = parser.parse_args()
    failed = 0
    with multiprocessing.get_context("spawn").Pool() as pool:
        starts = range(options.first, options.first + options.cases, BLOCK)
        for block in pool.imap_unordered(check, starts):
            for difference in block:
                failed += 1
                print(difference, file=sys.stderr)
    print(f"{len(starts) * BLOCK - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
