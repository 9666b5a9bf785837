"""backtesting.py; exits are known to it from the bar after the entry."""

import backtesting
import pandas as pd
from protocol import STOP_LOSS, TAKE_PROFIT, UNITS, answer, arrays

data, repeats = arrays()
frame = pd.DataFrame(
    {"Open": data.open, "High": data.high, "Low": data.low, "Close": data.close}, index=pd.to_datetime(data.time)
)
due = data.entries.tolist()


class Workload(backtesting.Strategy):
    """An order for the next open where one is due and nothing is open."""

    def init(self) -> None:
        self.bar = 0

    def next(self) -> None:
        bar = len(self.data) - 1
        if self.position:
            trade = self.trades[-1]
            if trade.sl is None:
                trade.sl = round(trade.entry_price - STOP_LOSS, 5)
                trade.tp = round(trade.entry_price + TAKE_PROFIT, 5)
        elif bar + 1 < len(due) and due[bar + 1]:
            self.buy(size=int(UNITS))


def run() -> tuple[int, float]:
    test = backtesting.Backtest(frame, Workload, cash=1e7, finalize_trades=True)
    trades = test.run()["_trades"]
    return len(trades), trades["PnL"].sum()


answer({"backtesting": backtesting.__version__}, run, repeats)
