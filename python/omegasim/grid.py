"""The axes of a sweep."""

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from pydantic import BaseModel

from omegasim.config import Config
from omegasim.data.signals import without_nulls
from omegasim.data.table import frame_of
from omegasim.errors import ARGUMENT, InputError
from omegasim.schemas import TRADE_SIGNAL_SCHEMA

_COLUMNS = tuple(name for name in pl.DataFrame(schema=pl.Schema(TRADE_SIGNAL_SCHEMA)).columns if name != "time")


@dataclass(frozen=True)
class ConfigAxis:
    """A field of the config by its path."""

    name: str
    labels: list[Any]

    def apply(self, config: Config, place: int) -> Config:
        """Return the settings with this value."""
        value = self.labels[place]
        values = json.loads(config.to_json())
        *parents, last = self.name.split(".")
        inner: Any = values
        for part in parents:
            inner = _step(inner, part, self.name)
        if isinstance(inner, list):
            _step(inner, last, self.name)
            inner[int(last)] = _plain(value)
        elif isinstance(inner, dict):
            inner[last] = _plain(value)
        else:
            raise InputError(f"grid: {self.name}: {'.'.join(parents)} has no parts", ARGUMENT)
        try:
            return Config.from_values(values)
        except InputError as error:
            raise InputError(f"grid: {self.name}: {error}", ARGUMENT) from None

    def column(self) -> pl.Series:
        """Its values, as text where they are no plain ones."""
        return _series(self.name, self.labels)

    def for_core(self) -> tuple[str, int, None]:
        """What the core is told."""
        return "config", len(self.labels), None


@dataclass(frozen=True)
class ParameterAxis:
    """A parameter of a strategy."""

    name: str
    labels: list[Any]
    seat: int
    parameter: str

    def column(self) -> pl.Series:
        """Its values, as text where they are no plain ones."""
        return _series(self.name, self.labels)


@dataclass(frozen=True)
class SignalsAxis:
    """Whole tables of signals by name."""

    name: str
    labels: list[str]
    tables: list[pl.DataFrame]

    def column(self) -> pl.Series:
        """Names of the tables."""
        return pl.Series(self.name, self.labels, dtype=pl.String)

    def for_core(self) -> tuple[str, int, None]:
        """What the core is told."""
        return "signals", len(self.labels), None


@dataclass(frozen=True)
class ColumnAxis:
    """A column of the signals that is the same in all rows."""

    name: str
    labels: list[Any]

    def apply(self, signals: Any, place: int) -> pl.DataFrame:
        """Return the signals with this value in every row."""
        frame = frame_of(pl.read_ipc_stream(signals) if isinstance(signals, bytes) else signals, "signals")
        value = self.column().gather([place])
        return frame.with_columns(value.new_from_index(0, frame.height).alias(self.name))

    def column(self) -> pl.Series:
        """Its values."""
        try:
            return pl.Series(self.name, self.labels)
        except (TypeError, pl.exceptions.PolarsError) as error:
            raise InputError(f"grid: {self.name}: {error}", ARGUMENT) from None

    def for_core(self) -> tuple[str, int, pl.DataFrame]:
        """What the core is told."""
        time = pl.Series("time", [0] * len(self.labels), dtype=pl.Datetime("ns", "UTC"))
        return self.name, len(self.labels), without_nulls(pl.DataFrame([time, self.column()]))


def axes_of(grid: Mapping[str, Any], config: Config) -> tuple[ConfigAxis | SignalsAxis | ColumnAxis, ...]:
    """Tell the axes of a grid apart.

    Raises
    ------
    InputError
        Names the axis that is neither a setting nor a column, or has no values.
    """
    if not isinstance(grid, Mapping) or not grid:
        raise InputError(f"grid: expected a mapping of axes to their values, found {grid!r}", ARGUMENT)
    return tuple(_axis(name, values, config) for name, values in grid.items())


def _axis(name: Any, values: Any, config: Config) -> ConfigAxis | SignalsAxis | ColumnAxis:
    if name == "signals":
        return _signals(values)
    if not isinstance(name, str) or (name not in _COLUMNS and name.partition(".")[0] not in Config.model_fields):
        known = (*_COLUMNS, *_paths(json.loads(config.to_json())))
        nearest = difflib.get_close_matches(str(name), known, n=1)
        hint = f"; did you mean {nearest[0]!r}?" if nearest else ""
        raise InputError(f"grid: {name!r} is neither a field of the config nor a column of the signals{hint}", ARGUMENT)
    labels = labels_of(name, values)
    return ColumnAxis(name, labels) if name in _COLUMNS else ConfigAxis(name, labels)


def labels_of(name: str, values: Any) -> list[Any]:
    """Check that an axis has a list of values.

    Raises
    ------
    InputError
        Names the axis.
    """
    if isinstance(values, str | bytes | Mapping) or not hasattr(values, "__iter__"):
        raise InputError(f"grid: {name}: expected a list of values, found {values!r}", ARGUMENT)
    labels = [value.item() if type(value).__module__ == "numpy" else value for value in values]
    if not labels:
        raise InputError(f"grid: {name}: expected at least one value", ARGUMENT)
    return labels


def _signals(tables: Any) -> SignalsAxis:
    if not isinstance(tables, Mapping) or not tables:
        raise InputError(f"grid: signals: expected a mapping of names to tables, found {tables!r}", ARGUMENT)
    frames = [without_nulls(frame_of(table, f"grid: signals: {name}")) for name, table in tables.items()]
    return SignalsAxis("signals", [str(name) for name in tables], frames)


def _paths(values: Any, path: str = "") -> Sequence[str]:
    if not isinstance(values, dict):
        return [path]
    return [name for key, value in values.items() for name in _paths(value, f"{path}.{key}" if path else key)]


def _step(values: Any, part: str, path: str) -> Any:
    """One step down a path."""
    if isinstance(values, list):
        if part.isdecimal() and int(part) < len(values):
            return values[int(part)]
        raise InputError(f"grid: {path}: expected a number below {len(values)}, found {part!r}", ARGUMENT)
    if isinstance(values, dict) and part in values:
        return values[part]
    known = f"; known: {', '.join(values)}" if isinstance(values, dict) else ""
    raise InputError(f"grid: {path}: unknown key {part!r}{known}", ARGUMENT)


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json", by_alias=True) if isinstance(value, BaseModel) else value


def _series(name: str, values: list[Any]) -> pl.Series:
    kinds = {type(value) for value in values}
    if kinds <= {int, float} or (len(kinds) == 1 and kinds <= {str, bool}):
        return pl.Series(name, values, strict=False)
    texts = [json.dumps(_plain(value), default=repr) if not isinstance(value, str) else value for value in values]
    return pl.Series(name, texts, dtype=pl.String)
