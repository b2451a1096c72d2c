"""TOML files read into checked dataclasses: unknown keys are refused, and every fault has one line."""
import functools
import json
from pathlib import Path
from typing import Any, TypeVar

import tomli
from pydantic import TypeAdapter, ValidationError

from lava_opzo.errors import UserError, shown
from lava_opzo.files.reading import read_text

STRICT = {"extra": "forbid", "strict": True}
"""pydantic's settings for a section of a file: no unknown key, no silent conversion."""

FAULTS = 5
"""Most faults that a message names."""

DEEPEST = 16
"""More tables and lists in one another than any configuration has; a dotted key makes one at every dot."""

Kind = TypeVar("Kind")


def read(path: str | Path) -> str:
    """The text of a file of configuration. Raises UserError when it cannot be read."""
    return read_text("config", path)


def document(text: str, source: str) -> dict[str, Any]:
    """TOML as nested dicts. Raises UserError that names `source`."""
    try:
        found = tomli.loads(text)
    except ValueError as error:
        raise UserError(f"{source}: not a TOML file: {shown(str(error))}; correct it") from None
    except RecursionError:
        raise _too_deep(source) from None
    level: list[Any] = [found]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in (outer.values() if isinstance(outer, dict) else outer)
                 if isinstance(inner, (dict, list))]
    if level:
        raise _too_deep(source)
    return found


def checked(kind: type[Kind], values: dict[str, Any], source: str) -> Kind:
    """Nested dicts as the dataclass `kind`, unknown keys refused. Raises UserError, one line a fault, each naming `source`."""
    try:
        text = json.dumps(values, default=str)
    except ValueError:  # a hexadecimal number of more digits than Python prints
        raise UserError(f"{source}: a number in it has thousands of digits; correct it") from None
    try:
        return _adapter(kind).validate_json(text)
    except ValidationError as error:
        faults = [_fault(source, fault) for fault in error.errors()]
        more = f"; {len(faults) - FAULTS} more" if len(faults) > FAULTS else ""
        raise UserError("; ".join(faults[:FAULTS]) + more) from None


def schema(kind: type) -> dict[str, Any]:
    """The JSON schema of the files that `checked` reads as the dataclass `kind`: keys, types and defaults, not their ranges."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_adapter(kind).json_schema()}


def _too_deep(source: str) -> UserError:
    return UserError(f"{source}: not a TOML file: its tables and lists are nested too deeply; correct it")


@functools.cache
def _adapter(kind: type[Kind]) -> TypeAdapter[Kind]:
    """pydantic's reader of a dataclass, which takes longer to make than to use."""
    return TypeAdapter(kind)


def _fault(source: str, fault: Any) -> str:
    place = shown(".".join(str(part) for part in fault["loc"]) or "file")
    if fault["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return f"{source}: unknown key '{place}'; remove it or correct its spelling"
    if fault["type"] in ("missing", "missing_argument"):
        return f"{source}: key '{place}' is missing; add it"
    if fault["type"] == "union_tag_invalid":
        tag, tags = shown(repr(fault["ctx"]["tag"])), fault["ctx"]["expected_tags"]
        return f"{source}: {place}.kind {tag} is not one of {tags}; choose one of them"
    return f"{source}: {place} = {shown(repr(fault['input']))}: {fault['msg']}"
