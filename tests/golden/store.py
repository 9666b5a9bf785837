"""The stored tables of the scenarios: read, compare, and write anew with `make golden`."""

import json
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
from golden.scenarios import SCENARIOS, Scenario

import omegasim as om

FOLDER = Path(__file__).parent / "tables"
SCHEMAS = Path(__file__).parent / "schemas.json"
TABLES = ("trades", "events", "equity")


def path_of(scenario: Scenario, name: str) -> Path:
    """Where a table is stored."""
    return FOLDER / f"{scenario.name}.{name}.arrow"


def ipc_of(result: om.Result, name: str) -> bytes:
    """A table as one Arrow IPC stream."""
    table = pa.table(result.arrow(name)).combine_chunks()
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def difference(old: bytes, new: bytes) -> str:
    """The first row in which two tables differ."""
    before, after = (pl.from_arrow(pa.ipc.open_stream(data).read_all()) for data in (old, new))
    if before.schema != after.schema:
        return f"columns were {dict(before.schema)}, are {dict(after.schema)}"
    for row, (was, now) in enumerate(zip(before.iter_rows(named=True), after.iter_rows(named=True), strict=False)):
        changed = {name: (was[name], now[name]) for name in was if repr(was[name]) != repr(now[name])}
        if changed:
            return f"row {row} (was, is): {changed}"
    return f"{before.height} rows before, {after.height} now"


def schemas() -> dict[str, Any]:
    """Version, columns and fingerprints of every published schema."""
    found = {name: getattr(om.schemas, name) for name in om.schemas.__all__ if name.endswith("_SCHEMA")}
    return {
        "version": om.schemas.VERSION,
        "fields": {name: [list(field) for field in schema.fields] for name, schema in found.items()},
        "fingerprints": {name: schema.fingerprint for name, schema in found.items()},
    }


def store_schemas() -> None:
    """Write the schemas anew and say whether they changed."""
    text = json.dumps(schemas(), indent=1) + "\n"
    if not SCHEMAS.exists() or SCHEMAS.read_text() != text:
        print(f"{SCHEMAS.name}: changed")
        SCHEMAS.write_text(text)


def main() -> None:
    """Write every table anew and print what changed."""
    store_schemas()
    FOLDER.mkdir(exist_ok=True)
    changes = 0
    for scenario in SCENARIOS:
        result = scenario.run()
        for name in TABLES:
            path, new = path_of(scenario, name), ipc_of(result, name)
            old = path.read_bytes() if path.exists() else None
            if old == new:
                continue
            changes += 1
            print(f"{path.name}: {'new' if old is None else difference(old, new)}")
            path.write_bytes(new)
    print(f"{changes} of {len(SCENARIOS) * len(TABLES)} tables changed")


if __name__ == "__main__":
    sys.exit(main())
