"""NautilusTrader over bars; it decides at a close and is filled there, and goes through a bar's high before its low."""

import nautilus_trader
import pandas as pd
from nautilus_trader.backtest.config import BacktestEngineConfig
from nautilus_trader.backtest.engine import BacktestEngine
from nautilus_trader.config import LoggingConfig, RiskEngineConfig
from nautilus_trader.model.currencies import EUR, USD
from nautilus_trader.model.data import Bar, BarType
from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
from nautilus_trader.model.identifiers import InstrumentId, Symbol, Venue
from nautilus_trader.model.instruments import CurrencyPair
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.persistence.wranglers import BarDataWrangler
from nautilus_trader.trading.strategy import Strategy
from protocol import STOP_LOSS, TAKE_PROFIT, UNITS, answer, arrays

data, repeats = arrays()
due = data.entries.tolist()
venue = Venue("SIM")
eurusd = CurrencyPair(
    InstrumentId(Symbol("EUR/USD"), venue), Symbol("EUR/USD"), EUR, USD, price_precision=5, size_precision=0,
    price_increment=Price.from_str("0.00001"), size_increment=Quantity.from_int(1), ts_event=0, ts_init=0,
)  # fmt: skip
minutes = BarType.from_str("EUR/USD.SIM-1-MINUTE-LAST-EXTERNAL")
frame = pd.DataFrame(
    {"open": data.open, "high": data.high, "low": data.low, "close": data.close},
    index=pd.to_datetime(data.time, utc=True),
)
# A quarter of a bar's volume is there to be bought at each of its prices.
bars = BarDataWrangler(minutes, eurusd).process(frame, default_volume=1e9)


class Workload(Strategy):
    """A bracket at the close before each bar where an order is due, where nothing is open."""

    def on_start(self) -> None:
        self.bar = 0
        self.subscribe_bars(minutes)

    def on_bar(self, bar: Bar) -> None:
        self.bar += 1
        if self.bar < len(due) and due[self.bar] and self.portfolio.is_flat(eurusd.id):
            price = bar.close.as_double()
            self.submit_order_list(
                self.order_factory.bracket(
                    eurusd.id,
                    OrderSide.BUY,
                    eurusd.make_qty(UNITS),
                    sl_trigger_price=eurusd.make_price(price - STOP_LOSS),
                    tp_price=eurusd.make_price(price + TAKE_PROFIT),
                )
            )

    def on_stop(self) -> None:
        self.close_all_positions(eurusd.id)


def run() -> tuple[int, float]:
    quiet = BacktestEngineConfig(
        logging=LoggingConfig(bypass_logging=True), risk_engine=RiskEngineConfig(bypass=True), run_analysis=False
    )
    engine = BacktestEngine(config=quiet)
    engine.add_venue(venue, OmsType.HEDGING, AccountType.MARGIN, [Money(1e7, USD)], base_currency=USD)
    engine.add_instrument(eurusd)
    engine.add_data(bars)
    engine.add_strategy(Workload())
    engine.run()
    trades = engine.cache.positions_closed()
    engine.dispose()
    return len(trades), sum(trade.realized_pnl.as_double() for trade in trades)


answer({"nautilus_trader": nautilus_trader.__version__}, run, repeats)
