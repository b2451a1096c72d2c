"""TOML files read into checked dataclasses: unknown keys are refused, and every fault has one line."""
import json
from pathlib import Path

from lava_opzo.errors import UserError


def read(path: str | Path) -> str:
    """The text of a file of configuration. Raises UserError when it cannot be read."""
    try:
        return Path(path).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"config {path}: cannot be read: {error}") from None


def document(text: str, source: str) -> dict:
    """TOML as nested dicts. Raises UserError that names `source`."""
    import tomli

    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise UserError(f"{source}: not a TOML file: {error}") from None


def checked(kind, values: dict, source: str):
    """Nested dicts as the dataclass `kind`, unknown keys refused. Raises UserError with one line per fault, each naming `source`."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_json(json.dumps(values, default=str))
    except ValidationError as error:
        raise UserError("; ".join(_fault(source, fault) for fault in error.errors())) from None


def _fault(source: str, fault: dict) -> str:
    place = ".".join(str(part) for part in fault["loc"]) or "file"
    if fault["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return f"{source}: unknown key '{place}'; remove it or correct its spelling"
    if fault["type"] in ("missing", "missing_argument"):
        return f"{source}: key '{place}' is missing; add it"
    return f"{source}: {place} = {fault['input']!r}: {fault['msg']}"


STRICT = {"extra": "forbid", "strict": True}
"""pydantic's settings for a section of a file: no unknown key, no silent conversion."""
