"""What a reader must know before believing the numbers."""

from typing import TYPE_CHECKING

import polars as pl

from omegasim.report.escape import text
from omegasim.report.number import counted, lasting, moment

if TYPE_CHECKING:
    from omegasim.result import Result


def cautions(result: "Result") -> list[str]:
    """Sentences, the weightiest first; empty where there is nothing to warn of."""
    found = [*_ambiguous(result), *_stopped_out(result), *_rejected(result), *_cleaned(result)]
    return [*found, *_stale(result), *_left(result), *_undrilled(result), *_without_equity(result)]


def cautions_box(result: "Result") -> str:
    """The sentences as a list."""
    found = cautions(result)
    if not found:
        return (
            '<div class="warnings none" id="warnings"><b>No warnings</b>: no ambiguous trade, no cleaned row, '
            "no stale rate, no refused signal, no stop-out.</div>"
        )
    items = "".join(f"<li>{text(one)}</li>" for one in found)
    return f'<div class="warnings" id="warnings"><b>Know before you believe</b><ul>{items}</ul></div>'


def _ambiguous(result: "Result") -> list[str]:
    count = int(result.trades["ambiguous"].sum())
    if not count:
        return []
    share = count / result.trades.height * 100
    rule = result.config.rules.intrabar
    return [
        f"{counted(count, 'ambiguous trade')} ({share:.1f} %): their bars leave open what came first; "
        f"decided by intrabar = {rule}. See Certainty."
    ]


def _stopped_out(result: "Result") -> list[str]:
    count = result.trades.filter(pl.col("reason") == "stop_out").height
    return [f"{counted(count, 'stop-out')}: margin ran short and positions were closed by force."] if count else []


def _rejected(result: "Result") -> list[str]:
    refused = result.events.filter(pl.col("kind").is_in(["rejected", "no_match", "unfilled", "expired"]))
    counts = refused.group_by("kind", "reason").len().sort("len", "kind", descending=[True, False])
    rejected = counts.filter(pl.col("kind") == "rejected")
    sentences = []
    if not rejected.is_empty():
        reasons = ", ".join(_why(reason, count, rejected.height) for _, reason, count in rejected.iter_rows())
        sentences.append(f"{counted(int(rejected['len'].sum()), 'signal')} rejected: {reasons}.")
    kinds = {"no_match": "matched nothing", "unfilled": "never filled", "expired": "expired"}
    for kind, said in kinds.items():
        count = int(counts.filter(pl.col("kind") == kind)["len"].sum())
        if count:
            sentences.append(f"{counted(count, 'signal')} {said}.")
    return sentences


def _why(reason: object, count: int, reasons: int) -> str:
    said = "held back by a filter" if reason == "filtered" else str(reason).replace("_", " ")
    return said if reasons == 1 else f"{said} {count:,}"


def _cleaned(result: "Result") -> list[str]:
    return [
        f"{symbol}: {counted(rows, 'row')} of {facts['rows']:,} cleaned ({kind})."
        for symbol, facts in [*result.record.data.items(), *result.record.rates.items()]
        for kind, rows in facts.get("cleaned", {}).items()
        if rows
    ]


def _stale(result: "Result") -> list[str]:
    rates = result.record.stale_rates
    # N55: who sets a limit has said which age is good enough.
    if not rates.bookings or rates.oldest is None or result.config.account.stale_limit_hours is not None:
        return []
    oldest = rates.oldest
    return [
        f"{counted(rates.bookings, 'amount')} converted at a stale rate, older than 24 hours without Saturdays and "
        f"Sundays; the oldest, {oldest.pair}, {lasting(oldest.age)} old at {moment(oldest.time)}. "
        "Account.stale_limit_hours sets an age at which a run stops."
    ]


def _left(result: "Result") -> list[str]:
    count = result.record.counts.get("open_positions", 0)
    return [f"{counted(count, 'position')} still open at the end; no trade shows them."] if count else []


def _undrilled(result: "Result") -> list[str]:
    count = result.record.counts.get("undrilled", 0)
    return [f"{counted(count, 'bar')} had no finer data to drill into and fell back to worst."] if count else []


def _without_equity(result: "Result") -> list[str]:
    if not result.equity.is_empty() or result.record.first_time is None:
        return []
    return ["No equity table: drawdown, Sharpe and what rests on them are not known."]
