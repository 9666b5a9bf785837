import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from test_readme import first_example

import omegasim as om

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, linked from what `make setup` compiled."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "maturin", "build", "--release", "--locked", "--quiet", "--out", str(folder)]
    # Another interpreter in the environment would make cargo compile everything again.
    environment = {**os.environ, "VIRTUAL_ENV": sys.prefix, "PYO3_PYTHON": sys.executable}
    subprocess.run(build, cwd=ROOT, check=True, env=environment)
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_is_one_for_all_pythons_from_3_11(wheel):
    assert "-cp311-abi3-" in wheel.name


@pytest.fixture(scope="module")
def run_installed(wheel, tmp_path_factory):
    """Runs code where nothing but the wheel is installed; standard error and output."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--constraint", ROOT / "requirements-dev.txt", wheel]
    subprocess.run(install, check=True, cwd=folder)

    def run(code: str) -> tuple[str, str]:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False, cwd=folder)
        return done.stderr, done.stdout

    return run


def test_the_readme_example_runs_from_the_wheel_in_an_empty_environment(run_installed):
    code, output = first_example()
    assert run_installed(code) == ("", output)


def test_the_wheel_brings_the_ready_instruments(run_installed):
    code = (
        "import omegasim as om\nfor name in om.instruments.names(): print(om.instruments.get(name).model_dump_json())"
    )
    ready = [om.instruments.get(name).model_dump_json() for name in om.instruments.names()]
    errors, output = run_installed(code)
    assert (errors, output.splitlines()) == ("", ready)
