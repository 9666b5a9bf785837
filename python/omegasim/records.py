"""Single signals, orders, positions and trades, and Arrow tables of them.

Times are nanoseconds since 1970-01-01 UTC, prices are in the quote currency, volumes are lots, money is the account's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, NamedTuple, Self

import polars as pl

from omegasim import schemas
from omegasim._core import Schema
from omegasim.data.table import Table, frame_of
from omegasim.errors import ARGUMENT, MISSING_COLUMN, InputError


class _Rows:
    """Rows of one of the tables that cross the boundary."""

    SCHEMA: ClassVar[Schema]

    @classmethod
    def to_arrow(cls, rows: Iterable[Self]) -> pl.DataFrame:
        """A table of these rows, columns and types as `SCHEMA` says; polars frames are Arrow tables.

        Raises
        ------
        InputError
            A field is None that the schema wants, or of another type.
        """
        rows, columns = list(rows), _columns(cls.SCHEMA)
        for name, (_, nullable) in columns.items():
            row = next((number for number, row in enumerate(rows) if getattr(row, name) is None), None)
            if row is not None and not nullable:
                raise InputError(f"{cls.__name__}: row {row}: {name} is None, where a value is required", ARGUMENT)
        try:
            data = {
                name: pl.Series(name, [getattr(row, name) for row in rows], dtype=_physical(dtype)).cast(dtype)
                for name, (dtype, _) in columns.items()
            }
        except (TypeError, pl.exceptions.PolarsError) as error:
            raise InputError(f"{cls.__name__}: {str(error).partition(chr(10))[0]}", ARGUMENT) from None
        return pl.DataFrame(data)

    @classmethod
    def from_arrow(cls, table: Table) -> list[Self]:
        """The rows of any Arrow table with the columns of `SCHEMA`; columns that may be null may be missing.

        Raises
        ------
        InputError
            A column is missing, or of a type that cannot be used.
        """
        frame, columns = frame_of(table, cls.__name__), _columns(cls.SCHEMA)
        missing = [name for name, (_, nullable) in columns.items() if name not in frame.columns and not nullable]
        if missing:
            found = ", ".join(frame.columns) or "none"
            raise InputError(f"{cls.__name__}: missing column {missing[0]}; found {found}", MISSING_COLUMN)
        try:
            held = frame.select(
                pl.col(name).cast(dtype).cast(_physical(dtype))
                for name, (dtype, _) in columns.items()
                if name in frame.columns
            )
        except pl.exceptions.PolarsError as error:
            raise InputError(f"{cls.__name__}: {str(error).partition(chr(10))[0]}", ARGUMENT) from None
        return [cls(**row) for row in held.to_dicts()]


def _columns(schema: Schema) -> dict[str, tuple[pl.DataType, bool]]:
    types = pl.Schema(schema)
    return {name: (types[name], nullable) for name, _, nullable in schema.fields}


def _physical(dtype: pl.DataType) -> Any:
    return pl.Int64 if isinstance(dtype, pl.Datetime | pl.Duration) else dtype


@dataclass(frozen=True, kw_only=True)
class TradeSignal(_Rows):
    """One signal; what each field means stands under `omegasim.schemas.TRADE_SIGNAL_SCHEMA` (S).

    Examples
    --------
    >>> import omegasim as om
    >>> table = om.TradeSignal.to_arrow([om.TradeSignal(time=0, direction="long", stop_loss_pips=20.0, magic=7)])
    >>> om.TradeSignal.from_arrow(table)[0].magic
    7
    """

    SCHEMA: ClassVar[Schema] = schemas.TRADE_SIGNAL_SCHEMA

    time: int
    symbol: str | None = None
    action: str | None = None
    direction: str | None = None
    order_type: str | None = None
    price: float | None = None
    limit_price: float | None = None
    stop_loss: float | None = None
    take_profit: float | None = None
    stop_loss_pips: float | None = None
    take_profit_pips: float | None = None
    volume: float | None = None
    risk: float | None = None
    magic: int | None = None
    ticket: int | None = None
    fraction: float | None = None
    expires: int | None = None
    trail_pips: float | None = None
    trail_start_pips: float | None = None
    trail_step_pips: float | None = None
    break_even_pips: float | None = None
    break_even_offset_pips: float | None = None
    max_holding: int | None = None
    oco: int | None = None
    tag: str | None = None

    def fields(self) -> dict[str, Any]:
        """The fields that are given, as `ExecutionSimulator.process_signal` takes them."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Order(_Rows):
    """A pending order, or a signal that waits for its bar.

    `ticket` is None, and `status` is "waiting", until the signal has been accepted.
    """

    SCHEMA: ClassVar[Schema] = schemas.ORDER_SCHEMA

    ticket: int | None
    status: str = "pending"
    symbol: str
    magic: int = 0
    direction: str | None = None
    order_type: str = "market"
    signal_time: int | None = None
    price: float | None = None
    limit_price: float | None = None
    stop_loss: float | None = None
    take_profit: float | None = None
    volume: float | None = None
    expires: int | None = None
    oco: int | None = None
    tag: str | None = None


@dataclass(frozen=True, kw_only=True)
class Position(_Rows):
    """An open position."""

    SCHEMA: ClassVar[Schema] = schemas.POSITION_SCHEMA

    ticket: int
    symbol: str
    magic: int
    direction: str
    order_type: str
    signal_time: int
    entry_time: int
    entry_price: float
    initial_stop_loss: float | None = None
    stop_loss: float | None = None
    take_profit: float | None = None
    volume: float
    risk: float
    risk_per_trade: float
    commission: float
    swap: float
    open_profit: float
    tag: str | None = None


@dataclass(frozen=True, kw_only=True)
class Trade(_Rows):
    """A closed trade (O1)."""

    SCHEMA: ClassVar[Schema] = schemas.TRADE_SCHEMA

    ticket: int
    symbol: str
    magic: int
    direction: str
    order_type: str
    signal_time: int
    entry_time: int
    exit_time: int
    entry_price: float
    exit_price: float
    initial_stop_loss: float | None = None
    stop_loss: float | None = None
    take_profit: float | None = None
    volume: float
    risk: float
    risk_per_trade: float
    result: float
    commission: float
    swap: float
    net: float
    r_multiple: float
    reason: str
    ambiguous: bool
    gap: bool
    mae: float
    mfe: float
    slippage_entry: float
    slippage_exit: float
    tag: str | None = None


class CloseResult(NamedTuple):
    """How a position closed, a row of `omegasim.schemas.CLOSE_RESULT_SCHEMA`; `result` is before costs."""

    ticket: int
    exit_time: int
    exit_price: float
    reason: str
    result: float
    r_multiple: float
    gap: bool
    ambiguous: bool


def fields_of(signal: Mapping[str, Any] | TradeSignal) -> dict[str, Any]:
    """The fields of a signal in either form."""
    return signal.fields() if isinstance(signal, TradeSignal) else dict(signal)
