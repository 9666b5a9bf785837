"""What a fill costs."""

from typing import Any, Literal, Self

from pydantic import SerializerFunctionWrapHandler, model_serializer, model_validator

from omegasim.settings import Name, NotNegative, Settings
from omegasim.swap import Rollover

CommissionSide = Literal["both", "entry", "exit"]

_SLIPPAGE_FIELDS: dict[str, tuple[str, ...]] = {
    "none": (),
    "fixed": ("pips",),
    "uniform": ("fixed_pips", "random_pips"),
    "volatility": ("factor",),
    "spread": ("factor",),
}


class Slippage(Settings):
    """L3: how much worse than the quote a fill is.

    Examples
    --------
    >>> import omegasim as om
    >>> om.Slippage.uniform(0.2, 0.3).model_dump()
    {'kind': 'uniform', 'fixed_pips': 0.2, 'random_pips': 0.3}
    """

    kind: Literal["none", "fixed", "uniform", "volatility", "spread"] = "none"
    """The model."""
    pips: NotNegative | None = None
    """`fixed`: distance in pips."""
    fixed_pips: NotNegative | None = None
    """`uniform`: distance in pips at every fill."""
    random_pips: NotNegative | None = None
    """`uniform`: largest random distance in pips."""
    factor: NotNegative | None = None
    """`volatility`: part of the previous bar's range; `spread`: part of the spread."""

    @model_validator(mode="after")
    def _fields_of_the_kind(self) -> Self:
        wanted = _SLIPPAGE_FIELDS[self.kind]
        for name in ("pips", "fixed_pips", "random_pips", "factor"):
            given = getattr(self, name) is not None
            if given and name not in wanted:
                raise ValueError(f"slippage {self.kind!r} takes no {name!r}; it takes {_listed(wanted)}")
            if not given and name in wanted:
                raise ValueError(f"slippage {self.kind!r} needs {name!r}; it takes {_listed(wanted)}")
        return self

    @model_serializer(mode="wrap")
    def _only_what_is_set(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in handler(self).items() if value is not None}

    @classmethod
    def none(cls) -> Self:
        """Fill at the quote."""
        return cls(kind="none")

    @classmethod
    def fixed(cls, pips: float) -> Self:
        """Slip the same distance at every fill."""
        return cls(kind="fixed", pips=pips)

    @classmethod
    def uniform(cls, fixed_pips: float, random_pips: float) -> Self:
        """Slip `fixed_pips` plus a random part of `random_pips` that belongs to the trade (L4)."""
        return cls(kind="uniform", fixed_pips=fixed_pips, random_pips=random_pips)

    @classmethod
    def volatility(cls, factor: float) -> Self:
        """Slip a part of the previous bid bar's range."""
        return cls(kind="volatility", factor=factor)

    @classmethod
    def spread(cls, factor: float) -> Self:
        """Slip a part of the spread."""
        return cls(kind="spread", factor=factor)


class Commission(Settings):
    """C1: a fee at each fill it applies to.

    Examples
    --------
    >>> import omegasim as om
    >>> om.Commission.per_lot(2.5, side="entry").min_fee
    0.0
    """

    kind: Literal["none", "per_lot", "per_million", "percent"] = "none"
    """What it is measured by."""
    amount: NotNegative = 0.0
    """Money a lot, money a million of notional, or percent of notional."""
    side: CommissionSide = "both"
    """The fills it applies to."""
    min_fee: NotNegative = 0.0
    """Least fee of a fill."""
    currency: Name | None = None
    """Its currency; the account's where absent."""

    @classmethod
    def none(cls) -> Self:
        """Charge nothing."""
        return cls(kind="none")

    @classmethod
    def per_lot(
        cls, money: float, *, side: CommissionSide = "both", min_fee: float = 0.0, currency: str | None = None
    ) -> Self:
        """Charge money a lot."""
        return cls(kind="per_lot", amount=money, side=side, min_fee=min_fee, currency=currency)

    @classmethod
    def per_million(
        cls, money: float, *, side: CommissionSide = "both", min_fee: float = 0.0, currency: str | None = None
    ) -> Self:
        """Charge money a million of notional."""
        return cls(kind="per_million", amount=money, side=side, min_fee=min_fee, currency=currency)

    @classmethod
    def percent(
        cls, percent: float, *, side: CommissionSide = "both", min_fee: float = 0.0, currency: str | None = None
    ) -> Self:
        """Charge a percentage of notional."""
        return cls(kind="percent", amount=percent, side=side, min_fee=min_fee, currency=currency)


class Costs(Settings):
    """Slippage, commission, rollover, and the multipliers of stress tests (C2).

    Examples
    --------
    >>> import omegasim as om
    >>> om.Costs(slippage=om.Slippage.fixed(0.5), spread_multiplier=2.0).spread_multiplier
    2.0
    """

    slippage: Slippage = Slippage()
    """L3: the slippage model."""
    commission: Commission = Commission()
    """C1: the commission."""
    swap: Rollover = Rollover()
    """C3: when days roll over, for instruments with swaps."""
    cost_multiplier: NotNegative = 1.0
    """Stress on commissions."""
    slippage_multiplier: NotNegative = 1.0
    """Stress on slippage."""
    spread_multiplier: NotNegative = 1.0
    """Stress on spreads."""


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(repr(name) for name in names) or "nothing"
