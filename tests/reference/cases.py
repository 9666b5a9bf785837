"""Seeded random cases: a configuration, a market and signals that make many things happen."""

from dataclasses import dataclass, field
from random import Random

from . import markets
from .markets import MINUTE, SECOND
from .money_cases import with_money
from .signals import TIMEFRAMES


@dataclass
class Case:
    """Valid input of one run."""

    config: dict
    market: dict
    signals: list
    finer: dict = field(default_factory=dict)
    rates: dict = field(default_factory=dict)


def random_case(seed: int) -> Case:
    """The case of a seed; the same seed always gives the same case."""
    return case_from(Random(seed))


def case_from(rng: Random) -> Case:
    """A case drawn from a source of random numbers; what it draws of money comes last."""
    return with_money(rng, plain_case(rng))


def plain_case(rng: Random) -> Case:
    """A case in one currency, of which no condition ever changes."""
    kinds = rng.sample(markets.KINDS, rng.choice((1, 1, 1, 2, 3)))
    style = rng.choices(("bars", "ticks", "drill", "mixed"), (62, 16, 16, 6))[0]
    market, finer = _market(rng, kinds, style)
    while not _is_positive(market, finer):
        market, finer = _market(rng, kinds, style)
    config = _config(rng, kinds, style, market)
    signals = _signals(rng, config, market)
    return Case(config, market, signals, finer)


def _is_positive(market: dict, finer: dict) -> bool:
    """Q3: wide gaps can take a cheap symbol below zero; such a market is drawn again."""
    series = [*market.values(), *(level for levels in finer.values() for level in levels)]
    prices = (row for each in series for row in each["bid"])
    return all(min(row) > 0.0 if isinstance(row, tuple) else row > 0.0 for row in prices)


def _market(rng: Random, kinds: list, style: str) -> tuple[dict, dict]:
    market, finer = {}, {}
    span = rng.choice((5, 15, 60)) * MINUTE
    for kind in kinds:
        if style == "ticks" or (style == "mixed" and rng.random() < 0.5):
            market[kind[0]] = markets.ticks(rng, kind, markets.times_of_ticks(rng, rng.randint(20, 120)))
        elif style == "drill":
            coarse, levels = markets.finer_levels(rng, kind, max(span, 15 * MINUTE), rng.randint(10, 25))
            market[kind[0]] = coarse
            if rng.random() < 0.9:
                finer[kind[0]] = levels
        else:
            own = span if rng.random() < 0.85 else 30 * MINUTE
            market[kind[0]] = markets.bars(rng, kind, rng.randint(10, 80), own)
    return market, finer


def _config(rng: Random, kinds: list, style: str, market: dict) -> dict:
    instruments = [markets.instrument(rng, kind) for kind in kinds]
    leverage, balance = rng.choice((30.0, 100.0, 500.0, 500.0)), rng.choice((100000.0, 100000.0, 5000.0, 1000.0))
    sizing = _sizing(rng)
    if rng.random() < 0.25:
        leverage = rng.choice((500.0, 2000.0, 5000.0))
        balance = _scarce(rng, instruments[0], kinds[0][4], leverage)
        sizing |= {"kind": "fixed_lots", "amount": max(i["volume_min"] for i in instruments)}
    return {
        "account": {
            "currency": "USD",
            "digits": rng.choice((2, 2, 2, 0, 4)),
            "balance": balance,
            "leverage": leverage,
            "stop_out_level": rng.choice((0.5, 0.5, 0.9, 0.2)),
            "mode": rng.choice(("hedging", "hedging", "netting")),
        },
        "instruments": instruments,
        "rules": _rules(rng, style, max(series.get("timeframe", 0) for series in market.values())),
        "sizing": sizing,
        "costs": {
            "slippage": _slippage(rng),
            "commission": _commission(rng),
            "cost_multiplier": rng.choice((1.0, 1.0, 1.5, 2.0)),
            "slippage_multiplier": rng.choice((1.0, 1.0, 0.5, 3.0)),
            "spread_multiplier": rng.choice((1.0, 1.0, 1.0, 0.5, 2.0, 1.7)),
        },
        "seed": rng.randint(0, 2**40),
    }


def _scarce(rng: Random, instrument: dict, price: float, leverage: float) -> float:
    """A balance that a few small positions use up, so that stop-outs are near."""
    value, tick_size = instrument["tick_value"], instrument["tick_size"]
    unit = instrument["contract_size"] if value is None else value / tick_size
    margin = instrument["volume_min"] * unit * price / leverage
    return float(round(margin * rng.choice((2.5, 8.0, 30.0)), 2))


def _rules(rng: Random, style: str, span: int) -> dict:
    mostly = lambda usual, *others: rng.choice((usual, usual, *others))  # noqa: E731
    models = ("worst", "worst", "best", "ohlc", "olhc", "nearest", "candle")
    close_fill = style == "bars" and rng.random() < 0.15
    longer = [name for name in ("M15", "M30", "H1", "H2") if TIMEFRAMES[name] * SECOND > span]
    frame = None if close_fill or rng.random() < 0.85 else rng.choice(longer)
    if style in ("ticks", "mixed"):
        frame = rng.choice(("tick", "tick", "S5", "M1"))
    return {
        "preset": "default",
        "stop_trigger": mostly("opposite", "fill_side"),
        "gap_fill": mostly("open", "open", "level"),
        "take_profit_gap": mostly("open", "level"),
        "limit_gap": mostly("open", "level"),
        "intrabar": "drill" if style == "drill" else rng.choice(models),
        "beyond": mostly("fill", "fill", "fill", "fill", "reject"),
        "market_fill": "signal_close" if close_fill else "next_open",
        "signal_timeframe": frame,
        "delay": _delay(rng, style),
        "pip_buffer_factor": mostly(0.0, 0.0, 0.0, 0.5, 0.2),
        "slippage_on_limits": rng.random() < 0.2,
        "max_positions": rng.choice((None, None, None, 1, 2, 3)),
        "margin_check": "off" if rng.random() < 0.1 else "close",
        "end_of_data": mostly("close", "keep"),
    }


def _delay(rng: Random, style: str) -> int:
    if rng.random() < 0.75:
        return 0
    return rng.choice((1, 500, 1500)) if style == "ticks" else rng.choice((1, 2))


def _sizing(rng: Random) -> dict:
    kind, amount = rng.choice(
        (
            ("fixed_lots", rng.choice((0.01, 0.1, 0.5, 1.0, 2.5, 3.37))),
            ("risk_amount", rng.choice((1.0, 10.0, 100.0, 250.0))),
            ("risk_amount", rng.choice((1.0, 10.0, 100.0, 250.0))),
            ("risk_percent", rng.choice((0.1, 0.5, 1.0, 2.0))),
            ("notional", rng.choice((1000.0, 20000.0, 150000.0))),
            ("equity_fraction", rng.choice((0.1, 0.5, 2.0, 10.0))),
        )
    )
    return {
        "kind": kind,
        "amount": amount,
        "of": rng.choice(("balance", "equity")),
        "below_min": rng.choice(("reject", "min")),
    }


def _slippage(rng: Random) -> dict:
    return rng.choice(
        (
            {"kind": "none"},
            {"kind": "none"},
            {"kind": "fixed", "pips": rng.choice((0.1, 0.5, 1.0, 0.33))},
            {"kind": "uniform", "fixed_pips": rng.choice((0.0, 0.2)), "random_pips": rng.choice((0.3, 2.0))},
            {"kind": "volatility", "factor": rng.choice((0.1, 0.05))},
            {"kind": "spread", "factor": rng.choice((0.5, 1.0))},
        )
    )


def _commission(rng: Random) -> dict:
    kind, amount = rng.choice((("none", 0.0), ("per_lot", 3.5), ("per_million", 25.0), ("percent", 0.01)))
    if kind == "none":
        return {"kind": "none"}
    return {
        "kind": kind,
        "amount": amount,
        "side": rng.choice(("both", "both", "entry", "exit")),
        "min_fee": rng.choice((0.0, 0.0, 1.0, 0.37)),
        "currency": None,
    }


class Ideas:
    """Prices and distances near the market of one symbol."""

    def __init__(self, rng: Random, instrument: dict, series: dict, rules: dict) -> None:
        self.rng = rng
        self.at_close = rules["market_fill"] == "signal_close"
        self.lag = 0 if self.at_close else 1
        self.lag += 0 if series["kind"] == "ticks" else rules["delay"]
        self.instrument = instrument
        self.series = series
        self.tick_size = instrument["tick_size"]
        self.is_ticks = series["kind"] == "ticks"

    def prices(self, row: int) -> list[float]:
        """The prices of the rows to come."""
        rows = range(row, min(row + self.lag + 6, len(self.series["time"])))
        if self.is_ticks:
            return [self.series[side][r] for r in rows for side in ("bid", "ask")]
        return [price for r in rows for side in ("bid", "ask") for price in self.series[side][r]]

    def reference(self, row: int, side: str) -> float:
        """About what a market order would meet."""
        price = self.series[side][min(row + self.lag, len(self.series["time"]) - 1)]
        return price if self.is_ticks else price[3 if self.at_close else 0]

    def level(self, row: int) -> float:
        """A level that the market is about to touch, often exactly."""
        price = self.rng.choice(self.prices(row))
        if self.rng.random() < 0.35:
            price += self.rng.randint(-6, 6) * self.tick_size
        elif self.rng.random() < 0.1:
            price += self.rng.random() * self.tick_size
        return price

    def level_beside(self, row: int, price: float, above: bool) -> float:
        """A level on one side of a price; now and then on the wrong one."""
        if self.rng.random() < 0.05:
            above = not above
        found = [p for p in self.prices(row) if (p > price if above else p < price)]
        if found and self.rng.random() < 0.7:
            return self.rng.choice(found)
        distance = self.rng.choice((0, 1, 2, 2, 5, 5, 10, 25)) if self.rng.random() < 0.3 else self.rng.randint(1, 40)
        return price + (distance if above else -distance) * self.tick_size

    def pips(self) -> float:
        """A distance of some ticks, in pips."""
        ticks = self.rng.choice((1, 2, 4, 6, 8, 13, 20, 30, 50))
        return round(ticks * self.tick_size / self.instrument["pip_size"], 3)

    def volume(self) -> float:
        """Lots: mostly on the grid, sometimes off it or out of the limits."""
        low, step, high = (self.instrument["volume_" + part] for part in ("min", "step", "max"))
        odd = self.rng.random()
        if odd < 0.05:
            return low / 2.0
        if odd < 0.08:
            return high + step
        volume = min(low + self.rng.randint(0, 12) * step, high)
        return volume + step / 3.0 if odd < 0.2 and volume < high else round(volume, 8)


def _signals(rng: Random, config: dict, market: dict) -> list[dict]:
    """A table of signals, sorted by time."""
    rows = []
    for _ in range(rng.randint(4, 26)):
        instrument = rng.choice(config["instruments"])
        series = market[instrument["symbol"]]
        row = rng.randrange(len(series["time"]))
        ideas = Ideas(rng, instrument, series, config["rules"])
        signal = _signal(rng, ideas, row)
        signal["symbol"] = instrument["symbol"]
        signal["time"] = _time(rng, config, series, row)
        rows.append(signal)
        if rng.random() < 0.2:
            rows.append({**_signal(rng, ideas, row), "symbol": signal["symbol"], "time": signal["time"]})
    _group(rng, rows)
    return sorted(rows, key=lambda row: row["time"])


def _time(rng: Random, config: dict, series: dict, row: int) -> int:
    """The time of a bar, or now and then one between bars."""
    time = series["time"][row]
    if config["rules"]["market_fill"] == "signal_close" or rng.random() < 0.85:
        return time
    return time - rng.choice((1, SECOND, MINUTE))


def _group(rng: Random, rows: list) -> None:
    """Some opens form OCO groups."""
    opens = [row for row in sorted(rows, key=lambda row: row["time"]) if row["action"] == "open"]
    for number in range(rng.choice((0, 1, 2, 3))):
        first = rng.randrange(max(1, len(opens) - 2))
        for row in opens[first : first + rng.choice((2, 2, 3))]:
            row["oco"] = number + 1


def _signal(rng: Random, ideas: Ideas, row: int) -> dict:
    action = rng.choices(("open", "close", "modify", "cancel"), (79, 8, 9, 4))[0]
    magic = rng.choice((None, None, None, None, 0, 0, 1, 7))
    signal = {"action": action}
    if magic is not None:
        signal["magic"] = magic
    if rng.random() < 0.4:
        signal["tag"] = rng.choice(("a", "b", "breakout"))
    if action == "open":
        return signal | _open(rng, ideas, row)
    if rng.random() < 0.3:
        signal["ticket"] = rng.randint(1, 7)
    if rng.random() < 0.3:
        signal["direction"] = rng.choice(("long", "short"))
    if action == "close" and rng.random() < 0.5:
        signal["fraction"] = rng.choice((0.1, 0.25, 0.5, 0.5, 0.9, 1.0))
    return signal | (_modify(rng, ideas, row) if action == "modify" else {})


def _open(rng: Random, ideas: Ideas, row: int) -> dict:
    direction = rng.choice(("long", "short"))
    order_type = rng.choices(("market", "limit", "stop", "stop_limit"), (35, 28, 25, 12))[0]
    signal = {"direction": direction, "order_type": order_type}
    price = ideas.reference(row, "bid" if direction == "long" else "ask")
    if order_type != "market":
        price = signal["price"] = ideas.level(row)
    if order_type == "stop_limit":
        price = signal["limit_price"] = ideas.level(row) if rng.random() < 0.6 else price
    signal |= _stops(rng, ideas, row, price, direction)
    signal |= _size(rng, ideas) | _management(rng, ideas)
    span = ideas.series.get("timeframe", 2 * SECOND)
    if rng.random() < 0.2:
        signal["expires"] = ideas.series["time"][row] + rng.choice((1, 2, 3, 5, 8, 13)) * span + rng.choice((0, 0, 1))
    if rng.random() < 0.15:
        signal["max_holding"] = rng.choice((1, span // 2, span, 2 * span, 5 * span))
    return signal


def _stops(rng: Random, ideas: Ideas, row: int, price: float, direction: str) -> dict:
    """A stop loss and a take profit, as levels or in pips, or none."""
    stops = {}
    for name, chance, above in (("stop_loss", 0.85, direction == "short"), ("take_profit", 0.7, direction == "long")):
        kind = rng.random()
        if kind > chance:
            continue
        if kind < 0.25 * chance:
            stops[name + "_pips"] = ideas.pips()
        else:
            stops[name] = ideas.level_beside(row, price, above)
    return stops


def _size(rng: Random, ideas: Ideas) -> dict:
    size = {}
    if rng.random() < 0.4:
        size["volume"] = ideas.volume()
    if rng.random() < 0.15:
        size["risk"] = rng.choice((1.0, 20.0, 77.7, 300.0))
    return size


def _management(rng: Random, ideas: Ideas) -> dict:
    """Trailing and break-even."""
    given = {}
    if rng.random() < 0.3:
        given["trail_pips"] = ideas.pips()
        if rng.random() < 0.5:
            given["trail_start_pips"] = ideas.pips()
        if rng.random() < 0.5:
            given["trail_step_pips"] = ideas.pips()
    if rng.random() < 0.25:
        given["break_even_pips"] = ideas.pips()
        if rng.random() < 0.5:
            given["break_even_offset_pips"] = round(given["break_even_pips"] * rng.choice((0.25, 0.5)), 4)
    return given


def _modify(rng: Random, ideas: Ideas, row: int) -> dict:
    """What a modify changes; often one level, sometimes nothing."""
    changes = {}
    price = ideas.reference(row, "bid")
    if rng.random() < 0.35:
        changes["price"] = ideas.level(row)
    for name in ("stop_loss", "take_profit"):
        kind = rng.random()
        if kind < 0.35:
            changes[name] = ideas.level_beside(row, price, rng.random() < 0.5)
        elif kind < 0.45:
            changes[name] = 0.0
        elif kind < 0.55:
            changes[name + "_pips"] = ideas.pips()
    if rng.random() < 0.15:
        changes["expires"] = ideas.series["time"][row] + rng.choice((1, 3, 6)) * ideas.series.get("timeframe", SECOND)
    return changes
