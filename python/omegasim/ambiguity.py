"""How much of a result hangs on what happened inside the bars (I6)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from omegasim.batch import Work
    from omegasim.result import Result


@dataclass(frozen=True)
class Ambiguity:
    """Net profit of one run under the worst and the best reading of its bars.

    Attributes
    ----------
    count : int
        Trades whose bar left open what came first.
    net, worst, best : float
        Net profit of the run, and under `intrabar="worst"` and `"best"`, in account money.
    exact : bool
        Whether worst and best are bounds; else they are estimates.
    why : str
        The reason.
    settled : int or None
        Under `intrabar="drill"`: trades that are ambiguous on the coarse bars and no longer on the finer data.
    """

    count: int
    net: float
    worst: float
    best: float
    exact: bool
    why: str
    settled: int | None = None


def ambiguity_of(result: "Result", work: "Work") -> Ambiguity:
    """Run the work again under both readings."""
    return ambiguity_between(result, work.with_intrabar("worst").run(), work.with_intrabar("best").run(), work)


def ambiguity_between(result: "Result", worst: "Result", best: "Result", work: "Work") -> Ambiguity:
    """Compare a run with its two readings."""
    ties = _ties(work) + _margin_ties((result, worst, best))
    why = f"estimates: {'; '.join(ties)}" if ties else "bounds: positions are independent of each other"
    return Ambiguity(
        count=int(result.trades["ambiguous"].sum()),
        net=_net(result),
        worst=_net(worst),
        best=_net(best),
        exact=not ties,
        why=why,
        settled=_settled(result, worst) if work.config.rules.intrabar == "drill" else None,
    )


def _settled(drilled: "Result", worst: "Result") -> int:
    certain = drilled.trades.filter(~pl.col("ambiguous")).select("ticket").unique()
    return worst.trades.filter("ambiguous").select("ticket").unique().join(certain, on="ticket", how="semi").height


def _net(result: "Result") -> float:
    return float(result.trades["net"].sum())


def _ties(work: "Work") -> list[str]:
    """What makes one position's fate touch another's, or a bar's reading touch later bars."""
    config, ties = work.config, []
    if config.sizing.kind in ("risk_percent", "equity_fraction"):
        ties.append("volumes are sized by the account")
    if config.rules.max_positions is not None:
        ties.append("max_positions limits later orders")
    if config.account.mode == "netting":
        ties.append("netting joins positions")
    ties.extend(work.ties())
    return ties


def _margin_ties(results: tuple["Result", ...]) -> list[str]:
    bitten = pl.col("reason").is_in(["insufficient_margin", "stop_out"]) | (pl.col("kind") == "stop_out")
    touched = any(result.events.select(bitten.any()).item() for result in results)
    return ["margin refused orders or closed positions"] if touched else []
