"""Which of the execution model's choices a run makes."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from omegasim.settings import NotNegative, Settings

PresetName = Literal["default", "metatrader", "legacy"]
GapFill = Literal["open", "level"]

PRESETS: dict[str, dict[str, Any]] = {
    "default": {},
    "metatrader": {"stop_trigger": "fill_side", "beyond": "reject", "intrabar": "candle"},
    "legacy": {
        "stop_trigger": "fill_side",
        "gap_fill": "level",
        "pip_buffer_factor": 0.5,
        "margin_check": "off",
        "end_of_data": "keep",
    },
}


def _timeframe(text: str) -> str:
    from omegasim._core import parse_timeframe

    if text != "tick":
        try:
            parse_timeframe(text)
        except ValueError as error:
            raise ValueError(f'{error}, or "tick"') from None
    return text


class Rules(Settings):
    """The choices of the execution model; `Rules.preset` starts from a named set of them.

    Examples
    --------
    >>> import omegasim as om
    >>> om.Rules.preset("metatrader", max_positions=1).stop_trigger
    'fill_side'
    """

    preset_name: PresetName = Field(default="default", alias="preset")
    """Where the values come from; `legacy` switches to the replaced simulator's rules (V1 to V10)."""
    stop_trigger: Literal["opposite", "fill_side"] = "opposite"
    """G1: the quote that a stop entry watches."""
    gap_fill: GapFill = "open"
    """G2: where a gap through a level fills."""
    take_profit_gap: GapFill = "open"
    """G2: where a gap through a take profit fills."""
    limit_gap: GapFill = "open"
    """G2: where a gap through a limit fills."""
    intrabar: Literal["worst", "best", "ohlc", "olhc", "nearest", "candle", "drill"] = "worst"
    """I: what happens inside a bar."""
    beyond: Literal["fill", "reject"] = "fill"
    """S2: what becomes of a pending order beyond the market."""
    market_fill: Literal["next_open", "signal_close"] = "next_open"
    """T8: when market orders fill."""
    signal_timeframe: Annotated[str, AfterValidator(_timeframe)] | None = None
    """T3: timeframe of the bars that signals were computed from, or "tick"."""
    delay: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0
    """L6: whole bars, or milliseconds on ticks, by which a signal acts later."""
    pip_buffer_factor: NotNegative = 0.0
    """G5: pips by which exits are touched early."""
    slippage_on_limits: bool = False
    """L1: whether limits and take profits slip too."""
    max_positions: Annotated[int, Field(ge=1, le=2**32 - 1)] | None = None
    """S2: limit of open positions per symbol and magic number."""
    margin_check: Literal["close", "worst_price", "off"] = "close"
    """A3: where margin is checked: at each close, at the price of each bar that is worst for the account, or never."""
    end_of_data: Literal["close", "keep"] = "close"
    """M7: what becomes of positions open at the end."""

    @model_validator(mode="before")
    @classmethod
    def _start_from_preset(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        name = values.get("preset", "default")
        return {**PRESETS.get(name, {}), **values} if isinstance(name, str) else values

    @classmethod
    def preset(cls, name: PresetName, **overrides: Any) -> Self:
        """Start from a named set of rules.

        Parameters
        ----------
        name : {"default", "metatrader", "legacy"}
            The set.
        **overrides
            Fields of `Rules` that differ from it.

        Raises
        ------
        InputError
            The name or a field is unknown, or a value is wrong.
        """
        return cls(**{**overrides, "preset": name})
