import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
DATA = Path(os.environ.get("OMEGASIM_DATA", ROOT.parent / "shared" / "data")) / "real"


@pytest.mark.parametrize("script", EXAMPLES, ids=[path.name for path in EXAMPLES])
def test_every_example_runs(script, tmp_path):
    arguments = [DATA] if "sys.argv" in script.read_text() else []
    if arguments and not DATA.is_dir():
        pytest.skip(f"no recorded data at {DATA}; OMEGASIM_DATA names its folder")
    command = [sys.executable, script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
