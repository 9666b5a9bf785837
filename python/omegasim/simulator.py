"""The second door: one bar at a time, one signal at a time."""

import os
from collections.abc import Collection, Mapping
from typing import Any, Literal, Self

import polars as pl

from omegasim import _core
from omegasim.config import Config
from omegasim.errors import ARGUMENT, InputError
from omegasim.market import finer_of
from omegasim.rates import RateSeries, RatesInput, currencies_of, facts_of, rates_of
from omegasim.records import CloseResult, Order, Position, TradeSignal, fields_of
from omegasim.result import Result
from omegasim.run_record import RunRecord

SWITCH = "OMEGA_USE_RUST_EXECUTION_SIMULATOR"
Bar = Mapping[str, Any] | tuple[float, ...]
"""`(time, bid_open, bid_high, bid_low, bid_close, ask_open, ask_high, ask_low, ask_close)` or a mapping of these."""
Tick = Mapping[str, Any] | tuple[float, ...]
"""`(time, bid, ask)` or a mapping of these."""


class ExecutionSimulator(_core.ExecutionSimulator):
    """A simulator that another engine drives, bar by bar.

    It is the simulator of `simulate`, so the same work leaves the same fingerprint: give signals before the bar on
    which they act, all symbols that have a bar at one time in one `on_bars`, and `last=True` with the last bar of a
    symbol whose data end before those of the others. One simulator belongs to one thread at a time.

    Parameters
    ----------
    config : Config
        All settings.
    symbols : sequence of str, optional
        The symbols in the order of a step (T5); all of the configuration's where not given.
    equity : {"bars", "closes", "off"}
        Rows of the equity table.
    rates : mapping of pair to Bars, Ticks or Arrow table, optional
        Conversion rates as in `simulate` (F1), as far as they are known already; `on_rate` adds later ones to a pair
        that is named here. `None` names a pair of which nothing is known yet.
    timeframe : str or mapping of symbol to str, optional
        What a bar covers, such as "M1"; needed where conversion rates move or bars are drilled.

    Raises
    ------
    InputError
        A setting is out of range, a symbol is unknown, no rate leads to the account's currency (F2), or the
        environment asks for another implementation.

    Examples
    --------
    >>> import omegasim as om
    >>> eurusd = om.Instrument(symbol="EURUSD", base="EUR", quote="USD", tick_size=1e-5, pip_size=1e-4,
    ...                        contract_size=100_000, volume_min=0.01, volume_step=0.01, volume_max=200)
    >>> config = om.Config(account=om.Account(currency="USD", balance=100_000.0), instruments=[eurusd],
    ...                    sizing=om.Sizing.risk_amount(100.0))
    >>> sim = om.ExecutionSimulator(config)
    >>> minute = 60_000_000_000
    >>> sim.on_bar((0, 1.1000, 1.1004, 1.0998, 1.1002, 1.1001, 1.1005, 1.0999, 1.1003))
    >>> sim.process_signal({"direction": "long", "stop_loss_pips": 20, "take_profit_pips": 30, "magic": 7}).status
    'waiting'
    >>> sim.on_bar((minute, 1.1002, 1.1006, 1.1000, 1.1004, 1.1003, 1.1007, 1.1001, 1.1005))
    >>> sim.positions(magic=7)["entry_price"].to_list()
    [1.1003]
    """

    _rate_facts: dict[str, dict[str, Any]] = {}  # noqa: RUF012 - replaced, never changed

    def __new__(
        cls,
        config: Config,
        *,
        symbols: Collection[str] | None = None,
        equity: Literal["bars", "closes", "off"] = "bars",
        rates: RatesInput | Mapping[str, None] | None = None,
        timeframe: str | Mapping[str, str] | None = None,
    ) -> Self:
        """Check the settings and start."""
        _check_switch()
        if not isinstance(config, Config):
            raise InputError(f"config: expected a Config, found {type(config).__name__}", ARGUMENT)
        names = [instrument.symbol for instrument in config.instruments] if symbols is None else list(symbols)
        series, untold = _rates(rates)
        simulator = super().__new__(
            cls,
            config.to_json(),
            symbols=names,
            equity=equity,
            rates=[*((rate.base, rate.quote, rate.checked) for rate in series), *untold],
            timeframes=_timeframes(timeframe, names),
        )
        simulator._rate_facts = facts_of(series)
        return simulator

    def process_signal(
        self, signal: Mapping[str, Any] | TradeSignal, quote: Tick | None = None
    ) -> Order | Position | None:
        """Take one signal.

        Parameters
        ----------
        signal : mapping or TradeSignal
            Columns of `omegasim.schemas.TRADE_SIGNAL_SCHEMA`; times as nanoseconds or `datetime`. Without `time` the
            newest one of its symbol.
        quote : tick, optional
            With it the signal acts at once.

        Returns
        -------
        Order, Position or None
            What became of it by now; an `Order` with status "waiting" where it acts on the next bar, as in a batch.
            None where it was rejected, matched nothing or closed a position: the newest event says so.

        Raises
        ------
        InputError
            A field is unknown, missing or of a wrong type; times fall.
        """
        fields = fields_of(signal)
        status, ticket, _, _, _ = self.take_signal(fields, quote)
        if status == "waiting":
            return _waiting(fields, self.symbols[0])
        if status == "pending":
            return self._order(ticket)
        return self._position(ticket) if status == "open" else None

    def process_signals_batch(self, signals: Any) -> _core.Table:
        """Take many signals in one call, the interpreter released.

        Parameters
        ----------
        signals : Arrow table or Arrow IPC bytes
            One row a signal, sorted by time.

        Returns
        -------
        Table
            One row a signal: `ticket, status, reason, fill_price, volume`; for polars, pyarrow, or `to_ipc()`.
            `status` is "waiting", "pending", "open", "closed", "done", "rejected" or "no_match".

        Raises
        ------
        InputError, NumberError, BoundaryError
            The table is not what it has to be; nothing was taken then.
        """
        return self.take_signals(signals)

    def on_bars(
        self,
        bars: Mapping[str, Bar | Tick],
        *,
        last: Collection[str] = (),
        timeframe: str | None = None,
        finer: Mapping[str, Any] | None = None,
    ) -> None:
        """Walk one step over several symbols: bars or ticks of one time (T5).

        Parameters
        ----------
        bars : mapping of symbol to bar or tick
            All symbols that have one at this time.
        last : collection of str
            Symbols whose data end with it (M7).
        timeframe : str, optional
            What these bars cover, such as "M1"; that of the simulator where not given.
        finer : mapping of symbol to finer series, optional
            For `intrabar="drill"`, coarse to fine.

        Raises
        ------
        InputError, NumberError
            Times differ, do not rise, prices are none, or a conversion rate is not known (F2); nothing has changed
            then. A rate that grows too old within the step leaves a simulator that refuses further work.
        """
        covers = None if timeframe is None else _core.parse_timeframe(timeframe)
        series = finer_of(Config.model_validate_json(self.config_json), finer, bars) if finer else {}
        self.step_all([(name, bar, name in last, covers, series.get(name)) for name, bar in bars.items()])

    def on_rate(self, pair: str, bar: Bar | Tick, *, timeframe: str | None = None) -> None:
        """Tell a conversion rate (F1): the middle of a bar's close, known when the bar is over, or of a tick.

        Parameters
        ----------
        pair : str
            One that `rates` named, such as "EURUSD".
        bar : bar or tick
            With bid and ask.
        timeframe : str, optional
            What the bar covers; needed with a bar.

        Raises
        ------
        InputError, NumberError
            The pair was not named, its times do not rise, or prices are none.
        """
        self.take_rate(*currencies_of(pair), bar, 0 if timeframe is None else _core.parse_timeframe(timeframe))

    def entry_trigger(self, ticket: int, bar: Bar | Tick, symbol: str | None = None) -> Position | None:
        """Activate one pending order if the bar or tick touches it (G), with all that follows from its fill.

        Returns
        -------
        Position or None
            None where it was not touched, was refused at its fill, or was closed within the bar; `trades` and
            `events` tell which.

        Raises
        ------
        InputError, NumberError
            There is no such order, or the bar is none.
        """
        return self._position(ticket) if self.trigger(ticket, bar, symbol) else None

    def evaluate_exit(self, ticket: int, bar: Bar | Tick, symbol: str | None = None) -> CloseResult | None:
        """Walk B3 to B6 for one position: gaps, stops, targets, trailing.

        Returns
        -------
        CloseResult or None
            None where it stays open.

        Raises
        ------
        InputError, NumberError
            There is no such position, or the bar is none.
        """
        row = self.exit(ticket, bar, symbol)
        return None if row is None else CloseResult._make(row)

    def evaluate_exits(self, bar: Bar | Tick, symbol: str | None = None) -> list[CloseResult]:
        """Walk B3 to B6 for all positions of a symbol, in ascending ticket.

        Raises
        ------
        InputError, NumberError
            The bar is none, or of an unknown symbol.
        """
        return [CloseResult._make(row) for row in self.exits(bar, symbol)]

    def modify(self, ticket: int, **changes: Any) -> Order | Position | None:
        """Change an order or position on the next bar (S3); with `quote=` at once.

        Parameters
        ----------
        ticket : int
            Which one.
        changes : float
            `price`, `limit_price`, `stop_loss`, `take_profit` (0 removes), their `_pips`, `expires`.
        """
        return self._request("modify", ticket, changes)

    def cancel(self, ticket: int, **changes: Any) -> Order | Position | None:
        """Cancel a pending order on the next bar (S3); with `quote=` at once."""
        return self._request("cancel", ticket, changes)

    def close(self, ticket: int, **changes: Any) -> Order | Position | None:
        """Close a position, or `fraction=` of it, on the next bar (S3); with `quote=` at once."""
        return self._request("close", ticket, changes)

    def positions(  # type: ignore[override]
        self, magic: int | None = None, symbol: str | None = None, ticket: int | None = None
    ) -> pl.DataFrame:
        """Open positions as `omegasim.schemas.POSITION_SCHEMA`, all or those that match."""
        return pl.DataFrame(super().positions(magic, symbol, ticket))

    def orders(  # type: ignore[override]
        self, magic: int | None = None, symbol: str | None = None, ticket: int | None = None
    ) -> pl.DataFrame:
        """Pending orders as `omegasim.schemas.ORDER_SCHEMA`, all or those that match."""
        return pl.DataFrame(super().orders(magic, symbol, ticket))

    def trades(self) -> pl.DataFrame:  # type: ignore[override]
        """O1: closed trades so far."""
        return pl.DataFrame(super().trades())

    def events(self) -> pl.DataFrame:  # type: ignore[override]
        """E2: the journal so far."""
        return pl.DataFrame(super().events())

    def equity(self) -> pl.DataFrame:  # type: ignore[override]
        """A4: the equity table so far."""
        return pl.DataFrame(super().equity())

    def arrow(self, name: str) -> _core.Table:
        """A table as an object with `__arrow_c_stream__`: trades, events, equity, orders or positions."""
        if name not in ("trades", "events", "equity", "orders", "positions"):
            raise InputError(f"unknown table {name!r}; expected trades, events, equity, orders or positions", ARGUMENT)
        table: _core.Table = getattr(super(), name)()
        return table

    @property
    def config(self) -> Config:
        """The settings."""
        return Config.model_validate_json(self.config_json)

    def finish(self) -> Result:
        """End the run: positions close at the last marks (M7), signals that never acted are written down (T7).

        Raises
        ------
        InputError
            It was finished before.
        """
        run = self.end()
        return Result(self.config, lambda name: getattr(run, name)(), lambda: self._record(run))

    @classmethod
    def restore(cls, data: bytes) -> Self:
        """R3: the simulator of a snapshot.

        Raises
        ------
        FileError
            The bytes are damaged, cut off, or of another version.
        """
        _check_switch()
        return super().__new__(cls, "", snapshot=data)

    def _record(self, run: _core.RunResult) -> RunRecord:
        return RunRecord.of_run(
            run,
            config=self.config,
            equity="stepwise",
            data={},
            rates=self._rate_facts,
            signals={"rows": 0, "hash": None},
            wall_seconds=0.0,
        )

    def _request(self, action: str, ticket: int, changes: dict[str, Any]) -> Order | Position | None:
        quote = changes.pop("quote", None)
        symbol = self.symbol_of_ticket(ticket)
        return self.process_signal({"action": action, "ticket": ticket, "symbol": symbol, **changes}, quote)

    def _position(self, ticket: int | None) -> Position | None:
        rows = Position.from_arrow(super().positions(ticket=ticket))
        return rows[0] if rows else None

    def _order(self, ticket: int | None) -> Order | None:
        rows = Order.from_arrow(super().orders(ticket=ticket))
        return rows[0] if rows else None


def _waiting(fields: dict[str, Any], symbol: str) -> Order:
    known = {name: fields.get(name) for name in ("price", "limit_price", "stop_loss", "take_profit", "volume", "tag")}
    return Order(
        ticket=None,
        status="waiting",
        symbol=fields.get("symbol") or symbol,
        magic=fields.get("magic") or fields.get("magic_number") or 0,
        order_type=fields.get("order_type") or "market",
        **known,
    )


def _rates(given: Any) -> tuple[tuple[RateSeries, ...], list[tuple[str, str, None]]]:
    pairs = given if isinstance(given, Mapping) else {}
    unknown = [pair for pair, table in pairs.items() if table is None]
    known = {pair: table for pair, table in pairs.items() if table is not None} if unknown else given
    return rates_of(known), [(*currencies_of(pair), None) for pair in unknown]


def _timeframes(given: str | Mapping[str, str] | None, symbols: list[str]) -> dict[str, int]:
    names = dict.fromkeys(symbols, given) if isinstance(given, str) else dict(given or {})
    return {symbol: _core.parse_timeframe(name) for symbol, name in names.items() if name is not None}


def _check_switch() -> None:
    value = os.environ.get(SWITCH, "always")
    if value != "always":
        raise InputError(
            f"{SWITCH}={value!r}: there is no other implementation than the one in Rust; unset the variable or set it "
            "to 'always'. To go back, install the earlier version of your own simulator (docs/migration.md).",
            ARGUMENT,
        )
