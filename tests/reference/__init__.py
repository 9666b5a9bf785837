"""The execution model again, slow and obvious: what the simulator is compared with."""

from .legacy import Legacy
from .simulator import Result, Simulator

__all__ = ["Result", "simulate"]


def simulate(
    config: dict,
    market: dict[str, dict],
    signals: list[dict],
    finer: dict[str, list[dict]] | None = None,
    equity: str = "bars",
    rates: dict[str, dict] | None = None,
) -> Result:
    """Run a table of signals over market data, by the rules of the configuration."""
    if config["rules"]["preset"] == "legacy":
        return Legacy(config, market, signals, equity).run()
    return Simulator(config, market, signals, finer or {}, equity, rates or {}).run()
