"""What all settings share: frozen, checked, and a wrong value reported in one sentence."""

import difflib
import types
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails

from omegasim import _core
from omegasim.docstrings import attribute_docstrings
from omegasim.errors import CONFIG, InputError


def _named(text: str) -> str:
    if not text.strip():
        raise ValueError("expected a name that is not empty")
    return text


def _zone(text: str) -> str:
    if not _core.is_zone(text):
        raise ValueError('expected an IANA zone such as "America/New_York"')
    return text


def _unchangeable(values: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(values)


Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Name = Annotated[str, AfterValidator(_named)]
Zone = Annotated[str, AfterValidator(_zone)]
# Not `AfterValidator(tuple)`: to read the signature of what is written in C, Python compiles its whole tokenizer.
AsTuple = AfterValidator(_unchangeable)


class Settings(BaseModel):
    """Base of the settings: immutable, no unknown keys, no silent conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise settings_error(type(self), error) from None

    # Nested settings are validated in place, which keeps the path of a wrong value whole.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Self:
        """Check values as they come from TOML or JSON.

        Raises
        ------
        InputError
            Names the path of the first wrong value, the value and what was expected.
        """
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise settings_error(cls, error) from None

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        # Pydantic itself would read the docstrings of all settings at every import.
        schema = handler(core_schema)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        texts = attribute_docstrings(cls)
        for name, field in cls.model_fields.items():
            if name in texts and (shown := properties.get(field.alias or name)) is not None:
                shown.setdefault("description", texts[name])
        return schema


def settings_error(model: type[BaseModel], error: ValidationError) -> InputError:
    """Turn pydantic's findings into one sentence on the first of them."""
    findings = error.errors(include_url=False)
    # An unknown key explains best what the other findings follow from.
    first = next((found for found in findings if found["type"] == "extra_forbidden"), findings[0])
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return InputError(f"config: {_sentence(model, first)}{more}", CONFIG)


def _sentence(model: type[BaseModel], found: ErrorDetails) -> str:
    path = _path(found["loc"])
    if found["type"] == "extra_forbidden":
        return _unknown_key(model, found["loc"])
    if found["type"] == "missing":
        return f"{path}: missing"
    expected = _expected(found)
    if isinstance(found["input"], BaseModel | Mapping):
        return f"{path}: {expected}" if path else expected
    return f"{path}: {expected}, found {found['input']!r}"


def _expected(found: ErrorDetails) -> str:
    bounds = found.get("ctx", {})
    match found["type"]:
        case "greater_than":
            return f"expected a number above {bounds['gt']:g}"
        case "greater_than_equal":
            return f"expected a number of at least {bounds['ge']:g}"
        case "less_than_equal":
            return f"expected a number of at most {bounds['le']:g}"
        case "finite_number":
            return "expected a finite number"
        case "float_type":
            return "expected a number"
        case "int_type" | "int_from_float":
            return "expected a whole number"
        case "string_type":
            return "expected text"
        case "literal_error":
            return f"expected {bounds['expected']}"
        case "model_type" | "dict_type":
            return "expected a table of settings"
        case "value_error":
            return str(bounds["error"])
        case _:
            return found["msg"].replace("Input should be ", "expected ", 1)


def _unknown_key(model: type[BaseModel], path: tuple[int | str, ...]) -> str:
    *parents, key = path
    known = _keys(model, parents)
    nearest = difflib.get_close_matches(str(key), known, n=1, cutoff=0.5)
    where = f"{_path(tuple(parents))}: " if parents else ""
    if nearest:
        return f"{where}unknown key {str(key)!r}; did you mean {nearest[0]!r}?"
    return f"{where}unknown key {str(key)!r}; known: {', '.join(known)}"


def _keys(model: type[BaseModel], path: list[int | str]) -> list[str]:
    """Names of the settings at a path."""
    kind: Any = model
    for step in path:
        kind = _inner(kind, step)
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return []
    return [field.alias or name for name, field in kind.model_fields.items()]


def _inner(kind: Any, step: int | str) -> Any:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = kind.model_fields
        kind = next((f.annotation for name, f in fields.items() if step in (name, f.alias)), None)
    else:
        kind = next((_plain(part) for part in reversed(get_args(kind)) if part is not Ellipsis), None)
    return _plain(kind)


def _plain(kind: Any) -> Any:
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        parts = [part for part in get_args(kind) if part is not type(None)]
        return next((p for p in parts if isinstance(p, type) and issubclass(p, BaseModel)), parts[0])
    return kind


def _path(location: tuple[int | str, ...]) -> str:
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
