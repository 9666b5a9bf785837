"""backtrader; exits rest from the bar after the entry."""

import backtrader
import pandas as pd
from protocol import STOP_LOSS, TAKE_PROFIT, UNITS, answer, arrays

data, repeats = arrays()
frame = pd.DataFrame(
    {"open": data.open, "high": data.high, "low": data.low, "close": data.close}, index=pd.to_datetime(data.time)
)
due = data.entries.tolist()


class Workload(backtrader.Strategy):
    """An order for the next open where one is due and nothing is open, then a stop and a limit, one cancels one."""

    def __init__(self) -> None:
        self.closed, self.profit = 0, 0.0

    def notify_order(self, order: backtrader.Order) -> None:
        if order.status == order.Completed and order.isbuy():
            price = order.executed.price
            stop = self.sell(exectype=backtrader.Order.Stop, price=round(price - STOP_LOSS, 5), size=UNITS)
            self.sell(exectype=backtrader.Order.Limit, price=round(price + TAKE_PROFIT, 5), size=UNITS, oco=stop)

    def notify_trade(self, trade: backtrader.Trade) -> None:
        if trade.isclosed:
            self.closed, self.profit = self.closed + 1, self.profit + trade.pnl

    def next(self) -> None:
        bar = len(self) - 1
        if not self.position and bar + 1 < len(due) and due[bar + 1]:
            self.buy(size=UNITS)


def run() -> tuple[int, float]:
    cerebro = backtrader.Cerebro(stdstats=False)
    cerebro.broker.setcash(1e7)
    cerebro.adddata(backtrader.feeds.PandasData(dataname=frame))
    cerebro.addstrategy(Workload)
    strategy = cerebro.run()[0]
    return strategy.closed, strategy.profit


answer({"backtrader": backtrader.__version__}, run, repeats)
