"""The journal: why every order did what it did (E2, N44)."""


class Journal:
    """The events of a run, in the order in which they happened."""

    def __init__(self, sim) -> None:
        self.sim = sim
        self.rows = []

    def write(self, kind, subject, *, ticket="own", price=None, volume=None, reason=None, amount=None, rate=None):
        """One event of an order, a position or a signal (a dict)."""
        get = subject.get if isinstance(subject, dict) else lambda name: getattr(subject, name)
        self.rows.append(
            {
                "time": self.sim.now,
                "kind": kind,
                "ticket": get("ticket") if ticket == "own" else ticket,
                "symbol": get("symbol"),
                "magic": get("magic"),
                "price": price,
                "volume": volume,
                "reason": reason,
                "amount": amount,
                "balance": self.sim.account.balance,
                "rate": rate,
                "tag": get("tag"),
            }
        )
