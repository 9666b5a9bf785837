"""docs/indicators.md says of each indicator what the package does."""

import re
from pathlib import Path

import numpy as np
import pytest
from indicator_cases import market

import omegasim as om
from omegasim import _core

PAGE = (Path(__file__).parents[1] / "docs" / "indicators.md").read_text()
DEFINITIONS = {name: (inputs, parameters) for name, inputs, parameters, _ in _core.indicator_definitions()}
ROWS = {
    cells[0].strip(" `"): cells for cells in (line.strip("|").split("|") for line in PAGE.splitlines() if "|" in line)
}
REQUIRED = {"process": 1e-7, "observation": 1e-6}


def first_values(name):
    """The first row at which each output has a value, with default parameters."""
    columns = market(800)
    inputs, parameters = DEFINITIONS[name]
    taken = (columns["close" if title == "price" else title] for title in inputs)
    result = getattr(om.indicators, name)(
        *taken, *(REQUIRED[title] for title, default in parameters if default is None)
    )
    outputs = result if isinstance(result, tuple) else (result,)
    return [int(np.argmax(~np.isnan(output))) for output in outputs]


def test_the_page_has_every_indicator_and_no_other():
    assert set(om.indicators.NAMES) == {name for name in ROWS if re.fullmatch("[a-z_]+", name)}


@pytest.mark.parametrize("name", om.indicators.NAMES)
def test_the_page_has_every_parameter_with_its_default(name):
    inputs, parameters = DEFINITIONS[name]
    cells = ROWS[name]
    given = re.findall(
        r"([a-z_]+)(?:=([0-9.]+))?",
        " ".join(re.findall("`([^`]*)`", cells[1 if inputs == ["price"] and len(cells) == 4 else 2])),
    )
    assert [(title, float(default) if default else None) for title, default in given] == parameters


@pytest.mark.parametrize("name", sorted(set(om.indicators.NAMES) - {"supertrend", "pivots", "vwap"}))
def test_the_first_value_is_where_the_page_says(name):
    parameters = {title: default for title, default in DEFINITIONS[name][1] if default is not None}
    formulas = re.findall("`([^`]*)`|(?<![a-z0-9])([0-9]+)(?![a-z0-9])", ROWS[name][-1])
    numbers = {
        int(eval(re.sub(r"(\d) ([a-z])", r"\1*\2", code or digits), {}, parameters)) for code, digits in formulas
    }
    found = set(first_values(name))
    if name == "stochastic":
        assert found == {15, 17}
    elif name == "keltner":
        assert found == {19}
    elif name in ("garch", "kalman_garch_zscore"):
        assert max(found) == max(numbers)
    else:
        assert found == numbers
