import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from test_readme import first_example

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


def test_the_readme_example_runs_from_the_wheel_in_an_empty_environment(wheel, tmp_path):
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--constraint", ROOT / "requirements-dev.txt", wheel]
    subprocess.run(install, check=True, cwd=tmp_path)
    code, output = first_example()
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.stderr, done.stdout) == ("", output)
