"""Draw the pictures of execution-model.md: `python docs/draw_bars.py` writes docs/img/*.svg."""

from pathlib import Path

from bar_drawing import ENTRY, EXIT, QUIET, Band, Bar, Level, Mark, Measure, Panel, Picture, two_sides

FOLDER = Path(__file__).resolve().parent / "img"
FLAT = (100, 100, 100, 100)


def buy(bar: int, price: float, label: str = "buy") -> Mark:
    """An entry at the ask."""
    return Mark(bar, "ask", price, f"{label} {price:g}")


def sell(bar: int, price: float, label: str = "sell") -> Mark:
    """The exit of a long, at the bid."""
    return Mark(bar, "bid", price, f"{label} {price:g}", EXIT)


def note(bar: int, side: str, price: float, label: str) -> Mark:
    """Something to look at that is no fill."""
    return Mark(bar, side, price, label, QUIET)


def stop_loss(price: float, first: int = 0) -> Level:
    """The level of a stop loss."""
    return Level(f"SL {price:g}", price, first)


def take_profit(price: float, first: int = 0) -> Level:
    """The level of a take profit."""
    return Level(f"TP {price:g}", price, first)


def time() -> Picture:
    """T3, T8."""
    bars = [two_sides("10:00", (100, 105, 98, 104)), two_sides("10:01", (107, 110, 105, 109))]
    known = note(0, "bid", 104, "signal, time 10:00")
    return Picture(
        "signal-close",
        [
            Panel('market_fill="next_open"', bars, marks=[known, buy(1, 109)], outcome="ask open of the next bar"),
            Panel(
                'market_fill="signal_close"', bars, marks=[known, buy(0, 106)], outcome="ask close of the signal's bar"
            ),
        ],
    )


def quotes() -> Picture:
    """Q1."""
    bars = [two_sides("10:01", (100, 104, 98, 103)), two_sides("10:02", (103, 103, 103, 103))]
    short_in, short_out = Mark(0, "bid", 100, "sell 100"), Mark(1, "ask", 105, "buy 105", EXIT)
    return Picture(
        "quotes",
        [
            Panel("long", bars, marks=[buy(0, 102), sell(1, 103)], outcome="103 - 102 = +1"),
            Panel("short", bars, marks=[short_in, short_out], outcome="100 - 105 = -5"),
        ],
    )


def signals() -> Picture:
    """S2."""
    bands = [Band(100, 108, "take profit", ENTRY), Band(92, 100, "stop loss", EXIT)]
    marks = [note(0, "bid", 100, "bid open 100"), buy(0, 102, "fills at")]
    bar = two_sides("10:01", (100, 104, 97, 101))
    return Picture("arrival", [Panel("where the levels of a long may lie", [bar], marks=marks, bands=bands)])


def order_of_events() -> Picture:
    """B."""
    bar = two_sides("one bar", (100, 108, 94, 104))
    marks = [
        note(0, "bid", 100, "open: B1, B2, B3, B4"),
        note(0, "ask", 110, "inside, up to here: B5"),
        note(0, "ask", 96, "inside, down to here: B5"),
        note(0, "bid", 104, "close: B6"),
    ]
    return Picture("order-of-events", [Panel("the steps of a bar", [bar], marks=marks)])


def stop_trigger() -> Picture:
    """G1."""
    bars = [two_sides("10:01", (100, 104, 99, 103)), two_sides("10:02", (103, 108, 102, 107))]
    level = [Level("buy stop 105", 105)]
    return Picture(
        "stop-trigger",
        [
            Panel(
                'stop_trigger="opposite"',
                bars,
                level,
                [note(1, "bid", 105, "bid at 105"), buy(1, 107)],
                outcome="waits for the bid, pays 105 + spread 2",
            ),
            Panel('stop_trigger="fill_side"', bars, level, [buy(0, 105)], outcome="the ask touches one bar earlier"),
        ],
    )


def gap_stop_loss() -> Picture:
    """G2."""
    bars = [two_sides("10:01", (100, 102, 98, 99)), two_sides("10:02", (90, 93, 88, 92))]
    return Picture(
        "gap-stop-loss",
        [
            Panel('gap_fill="open"', bars, [stop_loss(95)], [buy(0, 102), sell(1, 90)], outcome="-12, gap = true"),
            Panel(
                'gap_fill="level"', bars, [stop_loss(95)], [buy(0, 102), sell(1, 95)], outcome="-7, never traded there"
            ),
        ],
    )


def gap_take_profit() -> Picture:
    """G2."""
    bars = [two_sides("10:01", (100, 103, 99, 102)), two_sides("10:02", (112, 115, 110, 113))]
    level = [take_profit(108)]
    return Picture(
        "gap-take-profit",
        [
            Panel('take_profit_gap="open"', bars, level, [buy(0, 102), sell(1, 112)], outcome="+10, the better open"),
            Panel(
                'take_profit_gap="level"', bars, level, [buy(0, 102), sell(1, 108)], outcome="+6, improvement forgone"
            ),
        ],
    )


def bound() -> Picture:
    """G8."""
    bar = two_sides("10:01", (100, 101, 95, 99))
    levels = [Level("buy limit 98", 98), stop_loss(97), Level("bound 98 - 2 = 96", 96)]
    return Picture(
        "stop-loss-bound",
        [
            Panel("a stop loss nearer than the spread", [bar], levels, [buy(0, 98), sell(0, 96)], outcome="-2, not -1"),
        ],
    )


def both_touched() -> Picture:
    """I1, I3."""
    bars = [two_sides("10:01", (100, 108, 93, 101))]
    levels = [take_profit(105), stop_loss(95)]
    return Picture(
        "both-touched",
        [
            Panel('intrabar="worst"', bars, levels, [buy(0, 102), sell(0, 95)], outcome="-7, ambiguous"),
            Panel('intrabar="best"', bars, levels, [buy(0, 102), sell(0, 105)], outcome="+3, ambiguous"),
        ],
    )


def after_a_stop_entry() -> Picture:
    """I2."""

    def panel(title: str, close: float, outcome: str) -> Panel:
        bar = two_sides("10:01", (100, 108, 96, close))
        levels = [Level("buy stop 105", 105), stop_loss(98)]
        marks = [buy(0, 107), sell(0, 98), note(0, "bid", close, f"close {close:g}")]
        return Panel(title, [bar], levels, marks, outcome=outcome)

    return Picture(
        "after-stop-entry",
        [
            panel("closes above the stop loss", 103, "-9, ambiguous: the low may be older"),
            panel("closes below the stop loss", 97, "-9, certain"),
        ],
    )


def after_a_limit_entry() -> Picture:
    """I2."""

    def panel(title: str, close: float, marks: list[Mark], outcome: str) -> Panel:
        bar = two_sides("10:01", (100, 106, 94, close))
        return Panel(title, [bar], [take_profit(104), Level("buy limit 98", 98)], marks, outcome=outcome)

    return Picture(
        "after-limit-entry",
        [
            panel(
                "closes short of the take profit",
                102,
                [buy(0, 98), note(0, "bid", 102, "close 102")],
                "stays open, ambiguous",
            ),
            panel(
                "closes beyond the take profit",
                105,
                [buy(0, 98), sell(0, 104), note(0, "bid", 105, "close 105")],
                "+6, certain",
            ),
        ],
    )


def paths() -> Picture:
    """I4."""
    high_first, low_first = ("open", "high", "low", "close"), ("open", "low", "high", "close")

    def panel(model: str, path: tuple[str, ...], outcome: str) -> Panel:
        met = 106 if path == high_first else 95
        levels = [Level("TP 106", 106), Level("SL 95", 95)]
        return Panel(model, [Bar("10:01", (100, 110, 93, 97), path=path, met=met)], levels, outcome=outcome)

    return Picture(
        "paths",
        [
            panel("ohlc", high_first, "take profit 106"),
            panel("olhc", low_first, "stop loss 95"),
            panel("nearest", low_first, "low is nearer: 95"),
            panel("candle", high_first, "falling bar: 106"),
        ],
    )


def drill() -> Picture:
    """I5."""
    rows = [(100, 103, 99, 102), (102, 107, 101, 106), (106, 106, 99, 100), (100, 101, 92, 93), (93, 97, 91, 96)]
    fine = [Bar(f"10:0{5 + number}", row) for number, row in enumerate(rows)]
    levels = [take_profit(105), stop_loss(95)]
    return Picture(
        "drill",
        [
            Panel(
                "M5 bar alone",
                [Bar("10:05", (100, 107, 91, 96))],
                [Level("", 105), Level("", 95)],
                [sell(0, 95)],
                outcome="-7, ambiguous",
            ),
            Panel("the M1 bars inside it", fine, levels, [sell(1, 105)], outcome="+3 at 10:06, decided"),
        ],
    )


def management() -> Picture:
    """M1, M2."""
    rows = [(100, 106, 99, 105), (105, 112, 104, 111), (111, 118, 110, 116), (116, 117, 108, 109)]
    bars = [Bar(f"10:0{number + 1}", row) for number, row in enumerate(rows)]
    levels = [
        Level("initial 92", 92, 0, 1),
        Level("break-even 103", 103, 2, 2),
        Level("trailing 112", 112, 3, 3),
        Level("entry 102", 102, 0, None, QUIET),
    ]
    marks = [
        note(1, "ask", 112, "best 112"),
        note(2, "ask", 118, "best 118"),
        Mark(3, "ask", 112, "sell 112", EXIT),
    ]
    return Picture(
        "break-even-trailing",
        [
            Panel("the stop loss of a long in each bar", bars, levels, marks, outcome="moves at a bar's close"),
        ],
    )


def slippage() -> Picture:
    """L2."""
    long_bars = [two_sides("10:01", FLAT), two_sides("10:02", (100, 101, 93, 94))]
    short_bars = [two_sides("10:01", FLAT), two_sides("10:02", (100, 108, 99, 107))]
    return Picture(
        "slippage",
        [
            Panel(
                "long, 1 pip",
                long_bars,
                [stop_loss(95, 1)],
                [note(0, "ask", 102, "ask 102"), buy(0, 103), sell(1, 94)],
                outcome="buys higher, sells lower",
            ),
            Panel(
                "short, 1 pip",
                short_bars,
                [stop_loss(107, 1)],
                [note(0, "bid", 100, "bid 100"), Mark(0, "bid", 99, "sell 99"), Mark(1, "ask", 108, "buy 108", EXIT)],
                outcome="sells lower, buys higher",
            ),
        ],
    )


def sizing() -> Picture:
    """Z2."""
    bar = Bar("EURUSD", (1.1000, 1.1006, 1.0994, 1.1002), (1.1001, 1.1007, 1.0995, 1.1003))
    return Picture(
        "sizing",
        [
            Panel(
                "100 USD at risk",
                [bar],
                [Level("ask 1.1001", 1.1001, 0, None, ENTRY), Level("SL 1.0980", 1.0980)],
                measures=[Measure(0, 1.1001, 1.0980, "21 pips = 210 USD a lot")],
                outcome="100 / 210 = 0.476, down to 0.47",
            ),
        ],
        step=0.001,
        digits=4,
        hidden_prices=True,
    )


def spread_multiplier() -> Picture:
    """C2."""
    wide = Bar("10:01", (99, 103, 97, 102), (103, 107, 101, 106))
    return Picture(
        "spread-multiplier",
        [
            Panel("spread_multiplier=1", [two_sides("10:01", (100, 104, 98, 103))], marks=[buy(0, 102)]),
            Panel("spread_multiplier=2", [wide], marks=[buy(0, 103)]),
        ],
    )


def account() -> Picture:
    """A4."""
    bars = [
        two_sides("10:01", (100, 104, 98, 103)),
        two_sides("10:02", (103, 109, 102, 108)),
    ]
    measures = [Measure(0, 102, 103, "+1"), Measure(1, 102, 108, "+6")]
    return Picture(
        "open-profit",
        [
            Panel(
                "open profit of a long, at the bid's close",
                bars,
                [Level("entry 102", 102, 0, None, ENTRY)],
                measures=measures,
                outcome="equity 10,001, then 10,006",
            ),
        ],
    )


def excursions() -> Picture:
    """O1."""
    bars = [
        two_sides("10:01", (100, 104, 98, 103)),
        two_sides("10:02", (103, 109, 96, 107)),
        two_sides("10:03", (107, 113, 104, 110)),
    ]
    marks = [buy(0, 102), note(1, "bid", 96, "mae -6"), sell(2, 112)]
    return Picture(
        "mae-mfe",
        [
            Panel("a long with a take profit at 112", bars, [take_profit(112)], marks, outcome="mae -6, mfe +10"),
        ],
    )


def legacy() -> Picture:
    """V3, V5."""
    bars = [two_sides("10:01", (100, 101, 99, 100)), two_sides("10:02", (90, 93, 88, 92))]
    levels = [stop_loss(95)]
    return Picture(
        "legacy",
        [
            Panel("default, 1 pip slippage", bars, levels, [buy(0, 103), sell(1, 89)], outcome="open 90, slips down"),
            Panel(
                "legacy, 1 pip slippage", bars, levels, [sell(1, 96)], outcome="level 95, slips up; entry at 103 before"
            ),
        ],
    )


PICTURES = (
    time,
    quotes,
    signals,
    order_of_events,
    stop_trigger,
    gap_stop_loss,
    gap_take_profit,
    bound,
    both_touched,
    after_a_stop_entry,
    after_a_limit_entry,
    paths,
    drill,
    management,
    slippage,
    sizing,
    spread_multiplier,
    account,
    excursions,
    legacy,
)


def main() -> None:
    """Write every picture."""
    FOLDER.mkdir(exist_ok=True)
    for draw in PICTURES:
        picture = draw()
        (FOLDER / f"{picture.name}.svg").write_text(picture.svg(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
