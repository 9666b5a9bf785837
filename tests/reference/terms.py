"""An instrument's conditions: margin, swaps and commission, and the days from which others hold."""

from datetime import UTC, datetime

SECOND = 1_000_000_000


def first_moment(day: str) -> int:
    """Midnight UTC of a day."""
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) * SECOND


class Terms:
    """The conditions of one symbol that hold now."""

    def __init__(self, instrument: dict, costs: dict) -> None:
        self.margin = instrument.get("margin")
        self.swaps = instrument.get("swaps")
        self.commission = costs["commission"]
        self.rollover = costs.get("swap") or {}
        self.coming = [(first_moment(dated["from"]), dated) for dated in instrument.get("history") or ()]
        self.ever_swaps = self.swaps is not None or any(dated.get("swaps") for _, dated in self.coming)

    def changes_until(self, time: int) -> list:
        """The changes that are due by now; they are given out once."""
        due = [change for change in self.coming if change[0] <= time]
        self.coming = self.coming[len(due) :]
        return due

    def change(self, dated: dict) -> None:
        """What a dated condition does not give stays as it was."""
        for name in ("margin", "swaps", "commission"):
            if dated.get(name) is not None:
                setattr(self, name, dated[name])
