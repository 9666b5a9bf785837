"""What starting costs: nothing is imported, read or looked through that a command does not use."""

import subprocess
import sys

import pytest
from test_cli import write_inputs

from omegasim.docstrings import attribute_docstrings
from omegasim.run_file import DataSource

RUN = """
import gc, linecache, sys
from omegasim.cli import run
opened = []
sys.addaudithook(lambda event, facts: opened.append(str(facts[0])) if event == "open" else None)
assert run() == 0
"""


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return write_inputs(tmp_path_factory.mktemp("inputs"))


def run(code, config, out):
    arguments = ["run", config, "--out", out, "--no-report", "--quiet"]
    done = subprocess.run([sys.executable, "-c", RUN + code, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_run_imports_no_library_and_no_door_that_it_does_not_use(config, tmp_path):
    unused = ["numpy", "pandas", "pyarrow", "plotly", "loky", "cloudpickle", "rich"]
    unused += ["omegasim.report", "omegasim.strategy", "omegasim.simulator", "omegasim.sweeps", "omegasim.ambiguity"]
    unused += ["omegasim.checkpoint"]
    assert run(f"print([name for name in {unused} if name in sys.modules])", config, tmp_path / "run") == "[]"


def test_a_run_does_not_read_the_source_of_the_settings(config, tmp_path):
    code = "print([name for name in linecache.cache if 'omegasim' in name])"
    assert run(code, config, tmp_path / "run") == "[]"


def test_a_run_does_not_compile_a_tokenizer(config, tmp_path):
    code = "import tokenize; print(tokenize._compile.cache_info().currsize)"
    assert run(code, config, tmp_path / "run") == "0"


def test_a_run_does_not_ask_what_is_installed_for_plugins(config, tmp_path):
    code = "print([path for path in opened if path.endswith('entry_points.txt')], os.environ.get(plugins))"
    setting = "import os; plugins = 'PYDANTIC_DISABLE_PLUGINS';"
    assert run(setting + code, config, tmp_path / "run") == "[] None"


def test_a_run_does_not_look_through_its_imports_for_garbage(config, tmp_path):
    code = "print(gc.get_stats()[-1]['collections'], gc.get_freeze_count())"
    collections, frozen = run(code, config, tmp_path / "run").split()
    assert int(collections) == 0
    assert int(frozen) > 20_000


def test_docstrings_are_those_below_the_attributes_with_those_of_the_bases():
    texts = attribute_docstrings(DataSource)
    assert texts["bars"] == "Bars in one file."
    assert texts["time_is"] == "What the times of bars are."
    assert "coarsest first" in texts["finer"]
    assert "read" not in texts


def test_a_class_without_source_has_no_docstrings():
    assert attribute_docstrings(type("Made", (), {})) == {}
