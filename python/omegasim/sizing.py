"""How risk becomes volume."""

from typing import Literal, Self

from omegasim.settings import Positive, Settings

BelowMin = Literal["reject", "min"]


class Sizing(Settings):
    """Z1: how the volume of an order is found where its signal gives none.

    Examples
    --------
    >>> import omegasim as om
    >>> om.Sizing.risk_percent(1.0, of="equity").amount
    1.0
    """

    kind: Literal["fixed_lots", "risk_amount", "risk_percent", "notional", "equity_fraction"]
    """What `amount` means."""
    amount: Positive
    """Lots, money, percent, or part of equity."""
    of: Literal["balance", "equity"] = "balance"
    """What a percentage is of."""
    below_min: BelowMin = "reject"
    """Z4: what becomes of a volume below the instrument's least; `min` in preset `legacy`."""

    @classmethod
    def fixed_lots(cls, lots: float) -> Self:
        """Trade the same volume each time."""
        return cls(kind="fixed_lots", amount=lots)

    @classmethod
    def risk_amount(cls, money: float, *, below_min: BelowMin = "reject") -> Self:
        """Lose this much account money at the stop loss."""
        return cls._risk("risk_amount", money, below_min)

    @classmethod
    def risk_percent(
        cls, percent: float, of: Literal["balance", "equity"] = "balance", *, below_min: BelowMin = "reject"
    ) -> Self:
        """Lose this part of balance or equity at the stop loss."""
        return cls._risk("risk_percent", percent, below_min, of)

    @classmethod
    def notional(cls, money: float, *, below_min: BelowMin = "reject") -> Self:
        """Trade this much account money's worth."""
        return cls._risk("notional", money, below_min)

    @classmethod
    def equity_fraction(cls, fraction: float, *, below_min: BelowMin = "reject") -> Self:
        """Trade a notional of `fraction` times the equity."""
        return cls._risk("equity_fraction", fraction, below_min)

    @classmethod
    def _risk(
        cls,
        kind: Literal["risk_amount", "risk_percent", "notional", "equity_fraction"],
        amount: float,
        below_min: BelowMin,
        of: Literal["balance", "equity"] = "balance",
    ) -> Self:
        # Left out where it is the default, so that a preset may still decide it.
        if below_min == "reject":
            return cls(kind=kind, amount=amount, of=of)
        return cls(kind=kind, amount=amount, of=of, below_min=below_min)
