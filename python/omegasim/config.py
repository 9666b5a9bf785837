"""The settings of one run, the same in Python, TOML and JSON."""

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from omegasim.costs import Costs
from omegasim.errors import CONFIG, MISSING_FILE, UNREADABLE_FILE, FileError, InputError, MissingFileError
from omegasim.instrument import Instrument
from omegasim.rules import Rules
from omegasim.settings import AsTuple, Name, NotNegative, Positive, Settings
from omegasim.sizing import Sizing

# Tables of a config file that say what to run on, not how.
WORK_TABLES = ("data", "signals", "strategy", "news", "rates")


class Account(Settings):
    """The account that a run starts with.

    Examples
    --------
    >>> import omegasim as om
    >>> om.Account(currency="USD", balance=100_000.0, leverage=30.0).mode
    'hedging'
    """

    currency: Name
    """Currency of all money."""
    balance: NotNegative
    """Balance at the start."""
    digits: Annotated[int, Field(ge=0, le=8)] = 2
    """Decimal digits of booked fees."""
    leverage: Positive = 30.0
    """Notional per margin."""
    stop_out_level: NotNegative = 0.5
    """A3: equity over margin below which positions are closed."""
    mode: Literal["hedging", "netting"] = "hedging"
    """A5: what a second order of a symbol does."""
    hub: Name = "USD"
    """F1: the currency through which two pairs convert."""
    rates: dict[str, Positive] = Field(default_factory=dict)
    """F1: constant conversion rates by pair, such as `{"EURUSD": 1.08}`."""
    stale_limit_hours: Positive | None = None
    """F2: hours after which a conversion rate that moves is too old; never where absent."""


class Config(Settings):
    """All settings of one run.

    Examples
    --------
    >>> import omegasim as om
    >>> config = om.Config(
    ...     account=om.Account(currency="USD", balance=100_000.0),
    ...     instruments=[om.Instrument(symbol="EURUSD", base="EUR", quote="USD", tick_size=1e-5, pip_size=1e-4,
    ...                                contract_size=100_000, volume_min=0.01, volume_step=0.01, volume_max=200)],
    ...     sizing=om.Sizing.risk_amount(100.0))
    >>> config == om.Config.from_json(config.to_json())
    True
    """

    account: Account
    """Whose money."""
    instruments: Annotated[Sequence[Instrument], AsTuple]
    """What may be traded."""
    rules: Rules = Rules()
    """The execution rules."""
    sizing: Sizing
    """How risk becomes volume."""
    costs: Costs = Costs()
    """What a fill costs."""
    seed: Annotated[int, Field(ge=0, le=2**64 - 1)] = 0
    """Start of the counter-based generator (L4)."""

    @model_validator(mode="after")
    def _symbols_differ(self) -> Self:
        symbols = self.symbols
        if not symbols:
            raise ValueError("instruments: expected at least one")
        for symbol in symbols:
            if symbols.count(symbol) > 1:
                raise ValueError(f"instruments: expected each symbol once, found {symbol!r} twice")
        return self

    @model_validator(mode="after")
    def _legacy_takes_the_least_volume(self) -> Self:
        if self.rules.preset_name == "legacy" and "below_min" not in self.sizing.model_fields_set:
            # The preset's row "below minimum volume"; the model is frozen for everyone else.
            object.__setattr__(self, "sizing", self.sizing.model_copy(update={"below_min": "min"}))
        return self

    @property
    def symbols(self) -> tuple[str, ...]:
        """Names of the instruments, in the order given."""
        return tuple(instrument.symbol for instrument in self.instruments)

    def instrument(self, symbol: str) -> Instrument:
        """Instrument of a symbol.

        Raises
        ------
        InputError
            No instrument has that symbol.
        """
        for instrument in self.instruments:
            if instrument.symbol == symbol:
                return instrument
        raise InputError(f"unknown symbol {symbol!r}; the config knows {', '.join(self.symbols)}", CONFIG)

    @classmethod
    def from_toml(cls, path: str | Path) -> Self:
        """Read the settings of a config file; what it runs on, such as `data` and `signals`, is left to `omegasim run`.

        Raises
        ------
        MissingFileError, FileError
            The file is not there or is no TOML.
        InputError
            Names the path of the first wrong value, the value and what was expected.
        """
        values = read_toml(path)
        return cls.from_values({key: value for key, value in values.items() if key not in WORK_TABLES})

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read what `to_json` wrote."""
        try:
            values = json.loads(text)
        except ValueError as error:
            raise InputError(f"config: not JSON: {error}", CONFIG) from None
        if not isinstance(values, dict):
            raise InputError(f"config: expected a JSON object, found {values!r}", CONFIG)
        return cls.from_values(values)

    def to_json(self) -> str:
        """Return the settings as JSON, every default written out."""
        return self.model_dump_json(by_alias=True)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """JSON schema of these settings."""
        return cls.model_json_schema(by_alias=True)


def read_toml(path: str | Path) -> dict[str, Any]:
    """Read a TOML file, with errors that name it."""
    try:
        with Path(path).open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        raise MissingFileError(f"{path}: no such file; expected a TOML config", MISSING_FILE) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FileError(f"{path}: not TOML: {error}", UNREADABLE_FILE) from None
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}", UNREADABLE_FILE) from None
