"""Ready instruments, and a broker's symbol list with MetaTrader's field names."""

import json
import tomllib
from pathlib import Path

import pytest

import omegasim as om

EURUSD = {
    "name": "EURUSD",
    "currency_base": "EUR",
    "currency_profit": "USD",
    "currency_margin": "EUR",
    "digits": 5,
    "point": 1e-05,
    "trade_tick_size": 1e-05,
    "trade_tick_value": 0.92,
    "trade_contract_size": 100000.0,
    "volume_min": 0.01,
    "volume_step": 0.01,
    "volume_max": 500.0,
    "trade_stops_level": 10,
    "swap_mode": 1,
    "swap_long": -7.2,
    "swap_short": 2.1,
    "swap_rollover3days": 3,
    "spread": 12,
    "path": "Forex\\EURUSD",
}
INDEX = EURUSD | {
    "name": "[SP500]",
    "currency_base": "USD",
    "digits": 2,
    "point": 0.01,
    "trade_tick_size": 0.25,
    "trade_contract_size": 1,
    "trade_stops_level": 100,
    "swap_mode": 5,
    "swap_rollover3days": 5,
}


@pytest.fixture
def written(tmp_path):
    def write(content, name: str = "symbols.json") -> Path:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write


def test_every_name_is_an_instrument():
    assert len(set(om.instruments.names())) == len(om.instruments.names())
    for name in om.instruments.names():
        assert om.instruments.get(name).symbol == name
        assert om.instruments.get(name).pip_size >= om.instruments.get(name).tick_size


def test_every_ready_number_stands_in_the_file():
    file = Path(om.instruments.__file__).with_suffix(".toml")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    assert table["instruments"]["XAGUSD"]["contract_size"] == om.instruments.get("XAGUSD").contract_size == 5_000
    assert table["fx"]["terms"]["contract_size"] == om.instruments.fx("EURUSD").contract_size == 100_000


def test_pairs_quoted_in_yen_have_two_digit_pips():
    assert {om.instruments.fx(name).pip_size for name in ("USDJPY", "CHFJPY")} == {0.01}
    assert om.instruments.fx("EURUSD").pip_size == 0.0001


def test_a_field_may_differ():
    assert om.instruments.fx("EURUSD", volume_max=5.0).volume_max == 5.0
    assert om.instruments.get("DE40", symbol="GER40.cash").symbol == "GER40.cash"
    with pytest.raises(om.InputError, match="volume_max: expected a number above 0"):
        om.instruments.fx("EURUSD", volume_max=0.0)


def test_unknown_names_are_told_apart():
    with pytest.raises(om.InputError, match="no ready currency pair 'EURUSB'; did you mean 'EURUSD'") as caught:
        om.instruments.fx("EURUSB")
    assert caught.value.code == 1009
    with pytest.raises(om.InputError, match="no ready currency pair 'XAUUSD'"):
        om.instruments.fx("XAUUSD")
    with pytest.raises(om.InputError, match="no ready instrument 'tulips'; known: EURUSD"):
        om.instruments.get("tulips")


def test_a_list_with_metatraders_names(written):
    eurusd, index = om.instruments.load(written([EURUSD, INDEX]))
    assert (eurusd.base, eurusd.quote, eurusd.tick_size, eurusd.pip_size) == ("EUR", "USD", 1e-5, 1e-4)
    assert (eurusd.contract_size, eurusd.volume_max, eurusd.stops_level) == (100_000.0, 500.0, 10.0)
    assert eurusd.swaps == om.Swaps(kind="points", long=-7.2, short=2.1)
    assert eurusd.tick_value is None
    # A hundred of its points are four of its ticks.
    assert (index.tick_size, index.pip_size, index.stops_level) == (0.25, 0.01, 4.0)
    assert index.swaps == om.Swaps(kind="percent", long=-7.2, short=2.1, triple_day="friday")


def test_swaps_in_points_finer_than_the_tick(written):
    (index,) = om.instruments.load(written([INDEX | {"swap_mode": 1}]))
    assert index.swaps.long == pytest.approx(-0.288)


def test_other_shapes(written):
    plain = {name: value for name, value in EURUSD.items() if name != "name"}
    for content in ({"symbols": [EURUSD]}, {"EURUSD": plain}, {"symbols": {"EURUSD": plain}}):
        assert om.instruments.load(written(content)) == om.instruments.load(written([EURUSD]))


def test_toml_and_own_names(written):
    text = """
    [[symbols]]
    symbol = "GER40"
    base = "GER40"
    currency_profit = "EUR"
    point = 0.1
    pip_size = 1
    trade_contract_size = 25
    volume_min = 0.1
    volume_step = 0.1
    volume_max = 50
    margin.leverage = 20
    swaps = {kind = "percent", long = -5.5, short = 0.5}
    sessions = {zone = "Europe/Berlin", hours = [{days = ["monday"], open = "09:00", close = "17:30"}]}
    """
    (index,) = om.instruments.load(written(text, "symbols.toml"))
    assert (index.quote, index.tick_size, index.pip_size, index.margin.leverage) == ("EUR", 0.1, 1.0, 20.0)
    assert index.swaps.kind == "percent"
    assert index.sessions.zone == "Europe/Berlin"


def test_some_of_them_in_ones_own_order(written):
    broken = {"name": "WHEAT"}
    path = written([EURUSD, INDEX, broken])
    assert [one.symbol for one in om.instruments.load(path, symbols=["[SP500]", "EURUSD"])] == ["[SP500]", "EURUSD"]
    with pytest.raises(om.InputError, match="there is no symbol 'GOLD'; known: EURUSD"):
        om.instruments.load(path, symbols=["GOLD"])


def test_fixed_tick_values(written):
    assert om.instruments.load(written([EURUSD]), tick_values="fixed")[0].tick_value == 0.92


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"swap_mode": 2}, r"symbols.json: EURUSD: swap_mode: expected 0 \(none\), 1 \(points\)"),
        ({"swap_rollover3days": 7}, "EURUSD: swap_rollover3days: expected a day from 0"),
        ({"volume_min": 0}, "EURUSD: volume_min: expected a number above 0, found 0"),
        ({"point": "tiny"}, "EURUSD: expected numbers for point"),
    ],
)
def test_what_is_wrong_is_named(written, changes, sentence):
    with pytest.raises(om.InputError, match=sentence):
        om.instruments.load(written([EURUSD | changes]))


def test_what_is_missing_is_named(written):
    with pytest.raises(om.InputError, match="EURUSD: contract_size: missing"):
        om.instruments.load(written([{k: v for k, v in EURUSD.items() if k != "trade_contract_size"}]))
    with pytest.raises(om.InputError, match="entry 0 is no symbol"):
        om.instruments.load(written([{"digits": 5}]))
    with pytest.raises(om.InputError, match="expected a list of symbols, found 3"):
        om.instruments.load(written("3"))
    with pytest.raises(om.FileError, match="neither JSON nor TOML"):
        om.instruments.load(written("{"))
    with pytest.raises(om.MissingFileError, match="expected a list of symbols"):
        om.instruments.load("nowhere.json")


def test_no_swaps_where_the_mode_says_so(written):
    assert om.instruments.load(written([EURUSD | {"swap_mode": 0}]))[0].swaps is None
