import builtins
import pickle

import polars as pl
import pytest
from builders import EURUSD, at, flat, long, one_sided, settings, signals, with_value

import omegasim as om
from omegasim import _core, errors

BUILT_IN = {
    om.InputError: ValueError,
    om.NumberError: ValueError,
    om.FileError: OSError,
    om.MissingFileError: FileNotFoundError,
    om.ExistingFileError: FileExistsError,
    om.InternalError: RuntimeError,
    om.BoundaryError: RuntimeError,
    om.ResourceError: MemoryError,
}


@pytest.mark.parametrize(("kind", "usual"), BUILT_IN.items())
def test_each_error_is_also_the_usual_one(kind, usual):
    error = kind("what, where, what was expected", 1234)
    assert isinstance(error, om.OmegaError)
    assert isinstance(error, usual)
    assert (str(error), error.code) == ("what, where, what was expected", 1234)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.code) == (kind, str(error), 1234)


def test_the_tree_at_the_top_of_the_file_names_every_error():
    kinds = {name for name, value in vars(errors).items() if isinstance(value, type)}
    assert all(name in errors.__doc__ for name in kinds)
    assert set(errors.__doc__.split()) & {f"({name})" for name in dir(builtins)} == {
        f"({usual.__name__})" for usual in BUILT_IN.values()
    }


def test_codes_of_the_core_and_of_python_do_not_clash():
    core = {code: name for code, name, *_ in _core.error_codes()}
    added = {value for value in vars(errors).values() if type(value) is int and value % 1000 >= 100}
    assert len(core) == len(_core.error_codes())
    assert not core.keys() & added
    shared = {value for value in vars(errors).values() if type(value) is int} - added
    assert shared <= core.keys()


BAD_BARS = [
    (with_value(flat(), "time", 2, at(1)), om.InputError, "row 2: bar at 2024-01-02T10:01:00Z does not come after"),
    (with_value(flat(), "time", 2, at(0)), om.InputError, "row 2: bar at 2024-01-02T10:00:00Z does not come after"),
    (with_value(flat(), "bid_high", 3, 1.0), om.InputError, "row 3 at 2024-01-02T10:03:00Z: bid open 1.1, high 1"),
    (with_value(flat(), "ask_close", 1, 1.05), om.InputError, "row 1 at 2024-01-02T10:01:00Z"),
    (
        with_value(flat(), "bid_close", 4, float("nan")),
        om.NumberError,
        "row 4 at 2024-01-02T10:04:00Z: bid_close is NaN",
    ),
    (with_value(flat(), "ask_high", 4, float("inf")), om.NumberError, "row 4 at 2024-01-02T10:04:00Z: ask_high is inf"),
    (with_value(flat(), "bid_low", 0, 0.0), om.NumberError, "row 0 at 2024-01-02T10:00:00Z: bid_low is 0"),
    (with_value(flat(), "bid_open", 2, None), om.InputError, 'column "bid_open", row 2: null'),
    (with_value(flat(), "time", 2, None), om.InputError, 'column "time", row 2: null'),
    (flat().drop("ask_low"), om.InputError, "missing column ask_low; found time, bid_open"),
    (flat().drop("time"), om.InputError, "missing column time; found bid_open"),
    (
        flat().with_columns(bid_low=pl.lit("x")),
        om.InputError,
        "column 'bid_low' has type String ('x'); expected numbers",
    ),
    (flat().with_columns(time=pl.lit(True)), om.InputError, "column 'time' has type Boolean; expected a time"),
    (flat().with_columns(time=pl.lit("yesterday")), om.InputError, "column 'time', row 0: 'yesterday' is no time"),
    (flat(0), om.InputError, "the series has no rows; expected at least one"),
    (one_sided().with_columns(Close=pl.lit(1.1)), om.InputError, "columns 'close' and 'Close' both mean 'close'"),
]


@pytest.mark.parametrize(("table", "kind", "message"), BAD_BARS, ids=[message for _, _, message in BAD_BARS])
def test_bad_bars_are_named(table, kind, message):
    with pytest.raises(kind) as caught:
        om.Bars(table, symbol="EURUSD")
    assert str(caught.value).startswith("EURUSD: ")
    assert message in str(caught.value)


def test_q3_ask_below_bid_tells_row_time_and_both_prices():
    crossed = flat().with_columns(ask_low=pl.when(pl.col("time") == at(2)).then(1.0999).otherwise("ask_low"))
    with pytest.raises(om.InputError) as caught:
        om.Bars(crossed, symbol="EURUSD")
    assert str(caught.value) == "EURUSD: row 2 at 2024-01-02T10:02:00Z: low ask 1.0999 is below bid 1.1"


BAD_SPREADS = [
    ({"spread_pips": -1.0}, om.NumberError, "spread_pips: expected a finite number of at least 0, found -1.0"),
    ({"side": "ask"}, om.InputError, "bars of the ask side need a spread"),
    ({"side": "top", "spread_pips": 1.0}, om.InputError, "side: expected 'bid', 'ask' or 'mid', found 'top'"),
]


@pytest.mark.parametrize(("arguments", "kind", "message"), BAD_SPREADS)
def test_bad_spreads_are_named(arguments, kind, message):
    with pytest.raises(kind, match=message):
        om.Bars(one_sided(), **arguments)


def test_a_spread_given_twice_is_refused():
    with pytest.raises(om.InputError, match="spread_pips is given, and the table has a column 'spread'"):
        om.Bars(one_sided().with_columns(spread=0.0001), spread_pips=1.0)
    with pytest.raises(om.InputError, match="spread_pips is given, and the table has bid and ask"):
        om.Bars(flat(), spread_pips=1.0)


def test_q4_bid_alone_is_an_error_where_ask_is_needed():
    with pytest.raises(om.InputError, match="there are no ask prices"):
        om.simulate(one_sided(), signals(long()), settings())


BAD_SIGNALS = [
    (signals({**long(), "stop_los": 1.0}), 'column "stop_los"'),
    (signals({**long(), "stop_loss": 1.09, "stop_loss_pips": 20.0}), "row 0"),
    (signals({**long(), "volume": 0.0}), 'column "volume", row 0'),
    (signals({**long(), "volume": -1.0}), 'column "volume", row 0'),
    (signals({**long(), "take_profit": float("nan")}), 'column "take_profit", row 0'),
    (signals({**long(), "direction": None}), 'column "direction"'),
    (signals({**long(), "direction": "up"}), 'column "direction", row 0'),
    (signals({**long(), "volume": "one"}), 'column "volume"'),
    (signals({**long(), "symbol": "GBPUSD"}), "GBPUSD"),
    (signals({**long(), "order_type": "limit"}), 'column "price", row 0'),
    (signals(long(1), long(0)), "signals: row 1"),
    (signals(long(5000)), "do not overlap"),
    (signals(long()).drop("time"), 'column "time"'),
]


@pytest.mark.parametrize(("table", "message"), BAD_SIGNALS, ids=[message for _, message in BAD_SIGNALS])
def test_s1_bad_signals_are_named(table, message):
    with pytest.raises(om.InputError) as caught:
        om.simulate(flat(), table, settings())
    assert message in str(caught.value)


def test_wrong_arguments_are_named():
    with pytest.raises(om.InputError, match="unknown symbol 'GBPUSD'; the config has EURUSD"):
        om.simulate({"GBPUSD": flat()}, signals(long()), settings())
    pair = settings(instruments=(EURUSD, EURUSD.model_copy(update={"symbol": "GBPUSD"})))
    with pytest.raises(om.InputError, match="bars: whose"):
        om.simulate(flat(), signals(long()), pair)
    with pytest.raises(om.InputError, match="no market data"):
        om.simulate(None, signals(long()), settings())
    with pytest.raises(om.InputError, match="expected an Arrow table"):
        om.simulate([1, 2], signals(long()), settings())
    with pytest.raises(om.InputError, match="config: expected a Config, found dict"):
        om.simulate(flat(), signals(long()), {})
    with pytest.raises(om.InputError, match="equity: expected"):
        om.simulate(flat(), signals(long()), settings(), equity="daily")


def test_f2_a_quote_currency_without_a_rate_is_named():
    chfjpy = EURUSD.model_copy(update={"symbol": "CHFJPY", "base": "CHF", "quote": "JPY"})
    with pytest.raises(om.InputError, match=r"CHFJPY.*JPY.*USD"):
        om.simulate(flat(), signals(long()), settings(instruments=(chfjpy,)))
