"""A config file with what to run on: the tables `[data.SYMBOL]` and `[signals]` beside the settings."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from omegasim import _core
from omegasim.batch import EquityRows, Work, work_of
from omegasim.config import Config, read_toml
from omegasim.data.ahead import ready
from omegasim.data.bars import Bars
from omegasim.data.format import PARQUET, Format
from omegasim.data.ticks import Ticks
from omegasim.errors import CONFIG, InputError, OmegaError
from omegasim.instrument import Instrument
from omegasim.saved_run import load_result
from omegasim.settings import Name, NotNegative, Positive, Settings

if TYPE_CHECKING:
    import polars as pl

    from omegasim.strategy import Strategy


def _module_and_class(text: str) -> str:
    module, _, name = text.rpartition(":")
    if not module or not name.isidentifier():
        raise ValueError('expected a module and a class such as "breakout:Breakout"')
    return text


Names = Annotated[tuple[str, ...], Field(strict=False)]


class HowToRead(Settings):
    """How files of market data are read."""

    side: Literal["bid", "ask", "mid"] | None = None
    """Side that a file of one side holds."""
    spread_pips: NotNegative | None = None
    """Spread of a file of one side without a column `spread`."""
    timeframe: Name | None = None
    """What a bar covers; the most frequent distance where not given."""
    clean: Names = ()
    """Cleanings, in the order of work."""
    format: Format | None = None
    """Format of the files; detected where not given."""
    timezone: Name | None = None
    """Clock of the times, such as "Europe/Helsinki" or "America/New_York+7"; the format's own, else UTC."""
    time_is: Literal["open", "close"] = "open"
    """What the times of bars are."""
    decimal: Literal[".", ","] = "."
    """Decimal point of text files."""
    spread: Literal["price", "points", "pips"] | None = None
    """What a column `spread` is counted in; points in MetaTrader's files, else price units."""
    divisor: Positive | None = None
    """What the integers of .bi5 files are divided by; known for pairs of currencies and ready instruments."""
    start: Name | None = None
    """First time that is read, such as "2024-01-31"; UTC."""
    end: Name | None = None
    """Time before which reading ends; UTC."""

    def _values(self, *but: str) -> dict[str, Any]:
        return {name: getattr(self, name) for name in HowToRead.model_fields if name not in but}


class FinerSource(HowToRead):
    """Finer bars or ticks that are read in another way than the symbol's own files."""

    path: Name
    """The file, a pattern or a folder, found from the config file's folder."""

    def read(self, folder: Path, instrument: Instrument) -> Bars | Ticks:
        """Read and check bars or ticks, whichever the files hold."""
        from omegasim.data.reader import read_series

        return read_series(folder / self.path, instrument, **self._values())


class DataSource(HowToRead):
    """Files of one symbol, found from the config file's folder."""

    bars: Name | None = None
    """Bars in one file."""
    bid: Name | None = None
    """Bars of the bid side, together with `ask`."""
    ask: Name | None = None
    """Bars of the ask side, together with `bid`."""
    ticks: Name | None = None
    """Ticks."""
    finer: Annotated[tuple[Name | FinerSource, ...], Field(strict=False)] = ()
    """Finer bars or ticks for `intrabar = "drill"`, coarsest first, of any format: a name, read with the clock, decimal
    point, divisor, side, spread and span of this table, or a table with `path` and settings of its own."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        given = [name for name in ("bars", "bid", "ticks") if getattr(self, name)]
        if len(given) != 1 or (self.bid is None) != (self.ask is None):
            found = [name for name in ("bars", "bid", "ask", "ticks") if getattr(self, name)]
            raise ValueError(f"expected bars, or bid and ask, or ticks; found {', '.join(found) or 'none'}")
        return self

    def read(self, folder: Path, symbol: str, instrument: Instrument | None) -> Bars | Ticks:
        """Read and check the symbol's series."""
        # Without more to know than the file's name, what was read ahead may be all that there is to do.
        checked = ready(folder / (self.bars or "")) if self.model_fields_set == {"bars"} else None
        if checked is not None:
            return Bars._of_core(checked, symbol)
        from omegasim.data.reader import read_bars, read_ticks

        given: dict[str, Any] = {"symbol": symbol, "instrument": instrument}
        if self.ticks is not None:
            of_bars = ("side", "spread_pips", "timeframe", "time_is", "spread")
            return read_ticks(folder / self.ticks, **given, **self._values(*of_bars))
        ask = None if self.ask is None else folder / self.ask
        return read_bars(folder / (self.bars or self.bid or ""), ask=ask, **given, **self._values())

    def read_finer(self, folder: Path, instrument: Instrument) -> list[Bars | Ticks]:
        """Read and check the finer series."""
        return [self._finer(one).read(folder, instrument) for one in self.finer]

    def _finer(self, given: str | FinerSource) -> FinerSource:
        if isinstance(given, FinerSource):
            return given
        return FinerSource(path=given, **self._values("timeframe", "clean", "format", "spread"))


class SignalSource(Settings):
    """The file of the signals, found from the config file's folder."""

    path: Name
    """Parquet, CSV or Arrow file; columns as `omegasim.schemas.TRADE_SIGNAL_SCHEMA`."""


class StrategySource(Settings):
    """A strategy's class and its arguments."""

    model_config = ConfigDict(populate_by_name=True)

    kind: Annotated[str, AfterValidator(_module_and_class)] = Field(alias="class")
    """Module and class, such as "breakout:Breakout"; modules are looked for in the config file's folder first."""
    parameters: dict[str, Any] = Field(default_factory=dict)
    """Arguments of the class by name."""

    def make(self, folder: Path) -> "Strategy":
        """Import the class and make the strategy.

        Raises
        ------
        InputError
            There is no such module or class, or it does not take these arguments.
        """
        from omegasim.strategy_class import strategy_of

        return strategy_of(self.kind, self.parameters, folder)


def _several(given: Any) -> Any:
    return given if isinstance(given, list | tuple) else (given,)


class RunFile(Config):
    """A whole config file."""

    data: Annotated[dict[str, DataSource], Field(min_length=1)]
    """Market data by symbol."""
    signals: SignalSource | None = None
    """What to trade."""
    strategy: Annotated[tuple[StrategySource, ...], Field(strict=False), BeforeValidator(_several)] = ()
    """Who decides what to trade, instead of signals; `[[strategy]]` for several."""
    news: Name | None = None
    """CSV or Parquet file of scheduled events, for strategies."""
    rates: dict[str, DataSource] = Field(default_factory=dict)
    """Bars or ticks of pairs that money is converted at, such as `[rates.EURUSD]`, where the run itself has none."""

    @model_validator(mode="after")
    def _one_will(self) -> Self:
        if (self.signals is None) == (not self.strategy):
            raise ValueError("expected either signals or a strategy")
        return self

    @model_validator(mode="after")
    def _known_symbols(self) -> Self:
        for symbol in self.data:
            if symbol not in self.symbols:
                raise ValueError(f"data.{symbol}: unknown symbol; the instruments are {', '.join(self.symbols)}")
        return self

    def read_rates(self, folder: Path) -> dict[str, Bars | Ticks]:
        """Read and check the conversion rates."""
        return {pair: source.read(folder, pair, self._pair(pair)) for pair, source in self.rates.items()}

    def _pair(self, pair: str) -> Instrument | None:
        """The instrument of a pair: of this file, else a ready one, if there is one."""
        if pair in self.symbols:
            return self.instrument(pair)
        from omegasim import instruments

        return instruments.get(pair) if pair in instruments.names() else None

    def settings(self) -> Config:
        """The settings without what they run on."""
        return Config.from_values({name: getattr(self, name) for name in Config.model_fields})


def is_saved(path: Path, out: Path) -> bool:
    """Whether a folder holds a saved run of a config file's settings.

    Raises
    ------
    OmegaError
        The config file or the saved run is damaged.
    """
    if not (out / "run.json").is_file():
        return False
    return load_result(out).config == RunFile.from_values(read_toml(path)).settings()


def read_run_file(path: Path, *, equity: EquityRows = "bars") -> Work:
    """Read a config file and all that it names.

    Raises
    ------
    OmegaError
        Names the file, the setting or the row that is wrong.
    """
    file = RunFile.from_values(read_toml(path))
    folder = path.parent
    series = {symbol: source.read(folder, symbol, file.instrument(symbol)) for symbol, source in file.data.items()}
    finer = {
        symbol: source.read_finer(folder, file.instrument(symbol))
        for symbol, source in file.data.items()
        if source.finer
    }
    bars = {symbol: one for symbol, one in series.items() if isinstance(one, Bars)}
    ticks = {symbol: one for symbol, one in series.items() if isinstance(one, Ticks)}
    if file.signals is None:
        from omegasim.backtest import Backtest
        from omegasim.data.files import read_table

        return Backtest(
            bars or None,
            [one.make(folder) for one in file.strategy],
            file.settings(),
            ticks=ticks or None,
            finer=finer,
            news=None if file.news is None else read_table(folder / file.news),
            rates=file.read_rates(folder),
            equity=equity,
        )._work
    signals = _read_signals(folder / file.signals.path)
    if not len(signals):
        raise InputError(f"{file.signals.path}: the table of signals has no rows; expected at least one", CONFIG)
    return work_of(
        bars,
        signals,
        file.settings(),
        ticks=ticks,
        finer=finer,
        rates=file.read_rates(folder),
        equity=equity,
    )


def _read_signals(path: Path) -> "pl.DataFrame | _core.Table":
    if path.name.lower().endswith(PARQUET):
        # What is wrong with a file is told by the reader of all kinds of files.
        with suppress(OmegaError):
            return _core.read_parquet(path)
    from omegasim.data.signals import read_signals

    return read_signals(path)
