"""Fields of an experiment by dotted name, as `network.readout.error_shift` or `network.hidden.1.y_shift`."""
from typing import Any

from lava_opzo.errors import UserError
from lava_opzo.network.old_names import new_dotted

Place = tuple[str | int, ...]
"""A path of keys in nested dicts and lists."""

OPEN_TABLE = ("data", "options")
"""The one table whose keys the data set decides, so that a sweep may add keys to it."""


def places(document: dict[str, Any], name: str, source: str) -> list[Place]:
    """The paths of keys in `document`, an experiment as nested dicts and lists, that a dotted name means.

    Hidden layers and the values of a list are numbered from 1; `*` means all of them, which take the same value. Raises UserError
    that names `source` for a name that is not that of one field, with the new name of an old one.
    """
    refuse_old(document, name, f"{source}: parameter")
    found: list[Place] = [()]
    for part in name.split("."):
        steps = [(place, keys(document, place, part)) for place in found]
        missing = [place for place, matching in steps if not matching]
        if missing:
            owner, inner = ".".join(map(_word, missing[0])) or "the file", value(document, missing[0])
            raise UserError(f"{source}: parameter '{name}': '{part}' is not in {owner}; it has {_choices(inner)}")
        found = [(*place, key) for place, matching in steps for key in matching]
    for place in found:
        if isinstance(value(document, place), (dict, list)):
            raise UserError(f"{source}: parameter '{name}' is not one field; name one of those in it: "
                            f"{_choices(value(document, place))}")
    return found


def refuse_old(document: dict[str, Any], name: str, owner: str) -> None:
    """Raise UserError that starts with `owner` for the old dotted name of a field, with its name now."""
    new = new_dotted(len(document["network"]["hidden"])).get(name)
    if new is not None:
        raise UserError(f"{owner} '{name}' is called {new} now; rename it")


def keys(document: dict[str, Any], place: Place, part: str) -> list[str | int]:
    """The keys of the table or list at `place` that one part of a dotted name means; none where there is no such key."""
    inner = value(document, place)
    if isinstance(inner, list):
        numbers = range(1, len(inner) + 1)
        return [number - 1 for number in numbers if part in ("*", str(number))]
    if isinstance(inner, dict) and (part in inner or place == OPEN_TABLE):
        return [part]
    return []


def value(document: dict[str, Any], place: Place) -> Any:
    """What stands at a path of keys; None where an open table has no such key yet."""
    inner: Any = document
    for key in place:
        inner = inner.get(key) if isinstance(inner, dict) else inner[key]
    return inner


def values(inner: Any, above: str = "") -> dict[str, Any]:
    """All values of nested dicts and lists by their dotted names, in which the places of a list are numbered from 1."""
    found: dict[str, Any] = {}
    for key, value in inner.items() if isinstance(inner, dict) else enumerate(inner):
        name = f"{above}{_word(key)}"
        found |= values(value, f"{name}.") if isinstance(value, (dict, list)) else {name: value}
    return found


def assign(document: dict[str, Any], place: Place, new: Any) -> None:
    """Put a value at a path of keys. Another `kind` takes the fields of the old one out of its table."""
    table, key = value(document, place[:-1]), place[-1]
    if key == "kind" and table[key] != new:
        table.clear()
    table[key] = new


def _word(key: str | int) -> str:
    return str(key + 1) if isinstance(key, int) else key


def _choices(inner: Any) -> str:
    if isinstance(inner, list):
        return ", ".join(["*", *(str(number) for number in range(1, len(inner) + 1))])
    return ", ".join(inner) if isinstance(inner, dict) and inner else "no fields"
