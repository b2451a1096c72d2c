"""TOML files read into checked dataclasses: unknown keys are refused, and every fault has one line."""
import json
from pathlib import Path
from typing import Any, TypeVar

import tomli
from pydantic import TypeAdapter, ValidationError

from lava_opzo.errors import UserError, shown
from lava_opzo.files.reading import read_text

STRICT = {"extra": "forbid", "strict": True}
"""pydantic's settings for a section of a file: no unknown key, no silent conversion."""

Kind = TypeVar("Kind")


def read(path: str | Path) -> str:
    """The text of a file of configuration. Raises UserError when it cannot be read."""
    return read_text("config", path)


def document(text: str, source: str) -> dict[str, Any]:
    """TOML as nested dicts. Raises UserError that names `source`."""
    try:
        return tomli.loads(text)
    except ValueError as error:
        raise UserError(f"{source}: not a TOML file: {shown(str(error))}; correct it") from None
    except RecursionError:
        raise UserError(f"{source}: not a TOML file: its tables and lists are nested too deeply; correct it") from None


def checked(kind: type[Kind], values: dict[str, Any], source: str) -> Kind:
    """Nested dicts as the dataclass `kind`, unknown keys refused. Raises UserError, one line a fault, each naming `source`."""
    try:
        return TypeAdapter(kind).validate_json(json.dumps(values, default=str))
    except ValidationError as error:
        raise UserError("; ".join(_fault(source, fault) for fault in error.errors())) from None


def _fault(source: str, fault: Any) -> str:
    place = ".".join(str(part) for part in fault["loc"]) or "file"
    if fault["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return f"{source}: unknown key '{place}'; remove it or correct its spelling"
    if fault["type"] in ("missing", "missing_argument"):
        return f"{source}: key '{place}' is missing; add it"
    if fault["type"] == "union_tag_invalid":
        return f"{source}: {place}.kind {fault['ctx']['tag']!r} is not one of {fault['ctx']['expected_tags']}; choose one of them"
    return f"{source}: {place} = {fault['input']!r}: {fault['msg']}"
