import inspect

import pytest
from pydantic import BaseModel

import omegasim as om
from omegasim.docstrings import attribute_docstrings

PUBLIC = {
    "Account", "Ambiguity", "Backtest", "Bar", "Bars", "BoundaryError", "CloseResult", "Commission", "Config",
    "Costs", "Dated", "ExecutionSimulator", "ExistingFileError", "FileError", "Hours", "InputError", "Instrument",
    "InternalError", "Margin", "MissingFileError", "News", "NumberError", "OmegaError", "Order", "Position",
    "ResourceError", "Result", "Rollover", "Rules", "Sessions", "Sizing", "Slippage", "Strategy", "StrategyError",
    "Swaps", "Sweep", "Tick", "Ticks", "Tier", "Trade", "TradeSignal", "__version__", "filters", "heatmap",
    "indicators", "instruments", "load_result", "read_bars", "read_ticks", "resample", "schemas", "signals_from",
    "simulate", "sweep", "synthetic_bars",
}  # fmt: skip
SCHEMAS = {
    "BAR_SCHEMA", "TICK_SCHEMA", "TRADE_SIGNAL_SCHEMA", "ORDER_SCHEMA", "POSITION_SCHEMA", "TRADE_SCHEMA",
    "EVENT_SCHEMA", "EQUITY_SCHEMA", "SIGNAL_OUTCOME_SCHEMA", "CLOSE_RESULT_SCHEMA", "VERSION",
}  # fmt: skip


def test_the_public_names_are_these_and_no_others():
    assert set(om.__all__) == PUBLIC
    assert om.__all__ == sorted(om.__all__)
    assert set(om.schemas.__all__) == SCHEMAS
    assert om.instruments.__all__ == ["fx", "get", "load", "names"]


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_public_name_is_there_and_explained(name):
    value = getattr(om, name)
    assert name in dir(om)
    assert inspect.getdoc(value)


def test_unknown_names_are_reported_the_usual_way():
    with pytest.raises(AttributeError, match="module 'omegasim' has no attribute 'Simulator'"):
        _ = om.Simulator


def test_every_setting_is_explained():
    for name in PUBLIC:
        model = getattr(om, name)
        if inspect.isclass(model) and issubclass(model, BaseModel):
            assert model.model_fields.keys() <= attribute_docstrings(model).keys(), name
            assert all(shown["description"] for shown in model.model_json_schema()["properties"].values()), name


def test_public_functions_say_what_they_take_and_raise():
    for function in (
        om.Backtest,
        om.simulate,
        om.sweep,
        om.heatmap,
        om.signals_from,
        om.read_bars,
        om.synthetic_bars,
        om.instruments.get,
        om.instruments.load,
    ):
        for section in ("Parameters", "Raises", "Examples"):
            assert section in inspect.getdoc(function), function.__name__
