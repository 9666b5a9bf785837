import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
RECORDED = [path for path in EXAMPLES if "sys.argv" in path.read_text()]
DATA = Path(os.environ.get("OMEGASIM_DATA", ROOT.parent / "shared" / "data")) / "real"


@pytest.mark.parametrize("script", EXAMPLES, ids=[path.name for path in EXAMPLES])
def test_every_example_runs(script, tmp_path):
    run(script, tmp_path)


@pytest.mark.parametrize("script", RECORDED, ids=[path.name for path in RECORDED])
def test_every_example_runs_on_recorded_data(script, tmp_path):
    if not DATA.is_dir():
        pytest.skip(f"no recorded data at {DATA}; OMEGASIM_DATA names its folder")
    run(script, tmp_path, DATA)


def run(script, folder, *arguments):
    done = subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, check=False, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
