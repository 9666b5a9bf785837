import re
import subprocess
import sys
from pathlib import Path

README = (Path(__file__).parents[1] / "README.md").read_text()


def first_example() -> tuple[str, str]:
    """The first Python block and the output that follows it."""
    found = re.search(r"```python\n(.*?)```\s*```text\n(.*?)```", README, re.DOTALL)
    assert found
    return found[1], found[2]


def test_the_first_example_prints_what_the_readme_shows():
    code, output = first_example()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == output


def test_the_first_example_has_twelve_lines_on_the_first_screen():
    code, _ = first_example()
    assert len([line for line in code.splitlines() if line.strip()]) <= 12
    assert README[: README.index(code)].count("\n") < 30
