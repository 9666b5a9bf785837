"""Section: prices with the trades in them, the table of trades, and what happened to each."""

from typing import TYPE_CHECKING, Any

import polars as pl

from omegasim.report.columns import packed, packed_times, packed_words
from omegasim.report.quotes import ROWS, decimals_of, packed_quotes
from omegasim.report.section import Section, chart, note
from omegasim.report.still import Curve, Panel, Still
from omegasim.report.ticks import MINUTE

if TYPE_CHECKING:
    from omegasim.result import Result

HEIGHT = 480

EVENTS = 400_000
"""Events that a page holds; beyond them moved stops are left out."""

MONEY_DECIMALS = 6
"""Of what trades brought; cents alone would not add up to the net profit."""

_TIMES = ("signal_time", "entry_time", "exit_time")
_WORDS = ("symbol", "direction", "order_type", "reason", "tag")
_PRICES = ("entry_price", "exit_price", "initial_stop_loss", "stop_loss", "take_profit")
_MONEY = ("risk", "risk_per_trade", "result", "commission", "swap", "net", "mae", "mfe")
_FLAGS = ("ambiguous", "gap")

_FILTER = """<div class="bar filters">
<label>Find <input id="find" type="search" placeholder="ticket, symbol, tag, reason" autocomplete="off"></label>
<label>Show <select id="show"><option value="all">all</option><option value="wins">wins</option>
<option value="losses">losses</option><option value="long">long</option><option value="short">short</option>
<option value="ambiguous">ambiguous</option><option value="gap">gaps</option></select></label>
<span id="found" aria-live="polite"></span></div>
<div class="scroll" id="trade-table"></div><div class="bar pager" id="pager"></div>"""

_DETAIL = '<div id="detail" class="card wide" hidden tabindex="-1" aria-label="Chosen trade"></div>'


def trades_section(result: "Result", quotes: dict[str, pl.DataFrame]) -> Section:
    """A chart of prices above, the chosen trade below it, then all trades."""
    decimals = {one.symbol: decimals_of(one.tick_size) for one in result.config.instruments}
    rows = ROWS // max(len(quotes), 1)
    data = {
        "trades": packed_trades(result.trades, max(decimals.values())),
        "events": packed_events(result, max(decimals.values())),
        "quotes": {symbol: packed_quotes(frame, decimals[symbol], rows) for symbol, frame in quotes.items()},
        "decimals": decimals,
    }
    html = '<div class="bar" id="price-bar"></div>' + chart(
        "prices", "Prices and trades", HEIGHT, _still(result, quotes, decimals)
    )
    html += '<p class="note" id="price-note" aria-live="polite"></p>'
    if not quotes:
        html += note(
            "This page was made from a saved run, which holds no market data: the chart shows prices at entries and "
            "exits only. The page that omegasim run writes, and omegasim report DIR --data CONFIG.toml, show the bars."
        )
    return Section("trades", "Prices and trades", html + _DETAIL + _FILTER, data)


def _still(result: "Result", quotes: dict[str, pl.DataFrame], decimals: dict[str, int]) -> Still | None:
    """Prices of the symbol that the chart shows first, with the room beside them that it leaves."""
    first, last = result.record.first_time, result.record.last_time
    if not quotes or first is None or last is None:
        return None
    symbol, frame = next(iter(quotes.items()))
    if frame["close"].n_unique() < 2:
        return None
    edge = max((last - first) // 100, MINUTE)
    curve = Curve("bid", frame["time"].dt.epoch("ns"), frame["close"])
    return Still([Panel([curve], decimals=decimals[symbol])], (first - edge, last + edge), HEIGHT)


def packed_trades(trades: pl.DataFrame, price_decimals: int) -> dict[str, Any]:
    """Every column that the table, the charts and the details read."""
    return {
        **{name: packed_times(trades[name]) for name in _TIMES},
        **{name: packed_words(trades[name]) for name in _WORDS},
        **{name: packed(trades[name], decimals=price_decimals) for name in _PRICES},
        **{name: packed(trades[name], decimals=MONEY_DECIMALS) for name in _MONEY},
        **{name: packed(trades[name].cast(pl.Int8)) for name in _FLAGS},
        **{name: packed(trades[name], decimals=price_decimals + 1) for name in ("slippage_entry", "slippage_exit")},
        "ticket": packed(trades["ticket"], delta=True),
        "magic": packed(trades["magic"]),
        "volume": packed(trades["volume"], decimals=4),
        "r_multiple": packed(trades["r_multiple"], decimals=4),
    }


def packed_events(result: "Result", price_decimals: int) -> dict[str, Any]:
    """The journal of every ticket."""
    events = result.events.filter(pl.col("ticket").is_not_null())
    dropped = 0
    if events.height > EVENTS:
        kept = events.filter(pl.col("kind") != "modified")
        dropped, events = events.height - kept.height, kept
    return {
        "dropped": dropped,
        "time": packed_times(events["time"]),
        "ticket": packed(events["ticket"], delta=True),
        "kind": packed_words(events["kind"]),
        "reason": packed_words(events["reason"]),
        "price": packed(events["price"], decimals=price_decimals),
        "volume": packed(events["volume"], decimals=4),
        "amount": packed(events["amount"], decimals=2),
        "balance": packed(events["balance"], decimals=2, delta=True),
        **({} if events["rate"].is_null().all() else {"rate": packed(events["rate"], decimals=8)}),
    }
