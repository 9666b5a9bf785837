"""Arrow schemas of every table that goes in or comes out.

Each has `__arrow_c_schema__`: `pyarrow.schema(om.schemas.TRADE_SCHEMA)`, `polars.Schema(om.schemas.TRADE_SCHEMA)`;
`fields` with name, type and whether it may be null; and `fingerprint`, a hash over these. `VERSION` rises with any
change of any of them.
"""

from omegasim import _core

__all__ = [
    "BAR_SCHEMA",
    "CLOSE_RESULT_SCHEMA",
    "EQUITY_SCHEMA",
    "EVENT_SCHEMA",
    "ORDER_SCHEMA",
    "POSITION_SCHEMA",
    "SIGNAL_OUTCOME_SCHEMA",
    "TICK_SCHEMA",
    "TRADE_SCHEMA",
    "TRADE_SIGNAL_SCHEMA",
    "VERSION",
]

VERSION = 1

_schemas = _core.schemas()

BAR_SCHEMA = _schemas["BAR_SCHEMA"]
TICK_SCHEMA = _schemas["TICK_SCHEMA"]
TRADE_SIGNAL_SCHEMA = _schemas["TRADE_SIGNAL_SCHEMA"]
ORDER_SCHEMA = _schemas["ORDER_SCHEMA"]
POSITION_SCHEMA = _schemas["POSITION_SCHEMA"]
TRADE_SCHEMA = _schemas["TRADE_SCHEMA"]
EVENT_SCHEMA = _schemas["EVENT_SCHEMA"]
EQUITY_SCHEMA = _schemas["EQUITY_SCHEMA"]
SIGNAL_OUTCOME_SCHEMA = _schemas["SIGNAL_OUTCOME_SCHEMA"]
CLOSE_RESULT_SCHEMA = _schemas["CLOSE_RESULT_SCHEMA"]
