"""Fields of an experiment by dotted name, as `network.readout.error_shift` or `network.hidden.1.y_shift`."""
from lava_opzo.errors import UserError

OPEN_TABLE = ("data", "options")
"""The one table whose keys the data set decides, so that a sweep may add keys to it."""


def places(document: dict, name: str, source: str) -> list[tuple]:
    """The paths of keys in `document`, an experiment as nested dicts and lists, that a dotted name means.

    Hidden layers are numbered from 1; `*` means all of them, which take the same value. Raises UserError that names `source` for
    a name that is not that of one field.
    """
    found = [()]
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


def keys(document: dict, place: tuple, part: str) -> list:
    """The keys of the table or list at `place` that one part of a dotted name means; none where there is no such key."""
    inner = value(document, place)
    if isinstance(inner, list):
        numbers = range(1, len(inner) + 1)
        return [number - 1 for number in numbers if part in ("*", str(number))]
    if isinstance(inner, dict) and (part in inner or place == OPEN_TABLE):
        return [part]
    return []


def value(document: dict, place: tuple):
    """What stands at a path of keys; None where an open table has no such key yet."""
    for key in place:
        document = document.get(key) if isinstance(document, dict) else document[key]
    return document


def assign(document: dict, place: tuple, new) -> None:
    """Put a value at a path of keys."""
    value(document, place[:-1])[place[-1]] = new


def _word(key) -> str:
    return str(key + 1) if isinstance(key, int) else key


def _choices(inner) -> str:
    if isinstance(inner, list):
        return ", ".join(["*", *(str(number) for number in range(1, len(inner) + 1))])
    return ", ".join(inner) if isinstance(inner, dict) and inner else "no fields"
