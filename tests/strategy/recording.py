"""A strategy that writes down what it asked for, so that the same can be given as a table of signals."""

import random
from typing import Any

import polars as pl

import omegasim as om


class Recording(om.Strategy):
    """Asks for anything at random; `rows` are its signals."""

    def __init__(self, seed: int = 0, chance: float = 0.08) -> None:
        self.random = random.Random(seed)
        self.chance = chance
        self.rows: list[dict[str, Any]] = []

    def on_bar(self, bar: Any) -> None:
        self.decide(bar.symbol, bar.time_ns, bar.close)

    def on_tick(self, tick: Any) -> None:
        self.decide(tick.symbol, tick.time_ns, tick.bid)

    def decide(self, symbol: str, time: int, price: float) -> None:
        if self.random.random() > self.chance:
            return
        side = self.random.choice(("long", "short"))
        columns: dict[str, Any] = {"stop_loss_pips": self.random.uniform(3, 30), "tag": f"t{len(self.rows) % 3}"}
        match self.random.randrange(8):
            case 0:
                self.ask(symbol, time, "close", {})
            case 1:
                self.ask(symbol, time, "cancel", {})
            case 2:
                level = round(price - 0.002, 5)
                self.ask(symbol, time, "modify", {"direction": "long", "stop_loss": level})
            case 3 | 4:
                away = self.random.uniform(2, 15) * 1e-4 * (1 if side == "long" else -1)
                kind = {"order_type": "stop", "price": round(price + away, 5)}
                self.ask(symbol, time, "open", {"direction": side, **kind, **columns})
            case 5:
                managed = {"trail_pips": 8.0, "break_even_pips": 6.0}
                self.ask(symbol, time, "open", {"direction": side, **managed, **columns})
            case _:
                self.ask(symbol, time, "open", {"direction": side, "take_profit_pips": 20.0, **columns})

    def ask(self, symbol: str, time: int, action: str, columns: dict[str, Any]) -> None:
        self.rows.append({"time": time, "symbol": symbol, "action": action, **columns})
        if action == "open":
            order = self.buy if columns["direction"] == "long" else self.sell
            order(symbol, **{name: value for name, value in columns.items() if name != "direction"})
        else:
            getattr(self, action)(symbol=symbol, **columns)

    def table(self) -> pl.DataFrame:
        """What it asked for as a table of signals."""
        return pl.DataFrame(self.rows, infer_schema_length=None).with_columns(
            pl.col("time").cast(pl.Datetime("ns", "UTC"))
        )
