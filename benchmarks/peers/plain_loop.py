"""The same loop over plain Python lists."""

import platform

from loops import STOPS, grid, make_loop
from protocol import answer, arrays

data, repeats = arrays()
columns = [column.tolist() for column in (data.open, data.high, data.low, data.close, data.entries)]
loop = make_loop(grid)
answer({"python": platform.python_version()}, lambda: loop(*columns, *STOPS), repeats)
