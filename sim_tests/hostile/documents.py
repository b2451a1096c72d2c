"""Every key of TOML and JSON documents removed, renamed, doubled, and given another value, as text."""
import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import tomli
import tomli_w

from sim_tests.hostile import values

Place = tuple[str | int, ...]
MARK = "@@HERE@@"
"""Stands in a document where a raw value comes."""

Edit = Callable[[str], str]
"""edit(text) is the document with one change, as text."""


def toml_edits(text: str) -> Iterator[tuple[str, Edit]]:
    """(what, edit) for every key of a TOML document and every change."""
    yield from _edits(tomli.loads(text), values.TOML, lambda place: _Toml(place))


def json_edits(text: str) -> Iterator[tuple[str, Edit]]:
    """The same for a JSON document."""
    yield from _edits(json.loads(text), values.JSON, lambda place: _Json(place))


def _edits(document: Any, raw: dict[str, str], form: Callable[[Place], "_Form"]) -> Iterator[tuple[str, Edit]]:
    for place in _places(document):
        name, change = ".".join(map(str, place)), form(place)
        yield f"{name} removed", change.removed
        if isinstance(place[-1], str):
            yield f"{name} renamed", change.renamed
            yield f"{name} doubled", change.doubled
        for what, value in raw.items():
            yield f"{name} = {what}", change.valued(value)


def _places(document: Any, above: Place = ()) -> Iterator[Place]:
    """The paths of all keys, and of the values in lists."""
    items = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    for key, inner in items:
        yield (*above, key)
        yield from _places(inner, (*above, key))


class _Form:
    """Changes at one place of a document of one format."""

    def __init__(self, place: Place):
        self._place = place

    def removed(self, text: str) -> str:
        """Without the key."""
        document, table = self._table(text)
        del table[self._place[-1]]
        return self._text(document)

    def renamed(self, text: str) -> str:
        """With another name of the key."""
        document, table = self._table(text)
        table[f"{self._place[-1]}x"] = table.pop(self._place[-1])
        return self._text(document)

    def doubled(self, text: str) -> str:
        """With the key twice, its value after itself."""
        document, table = self._table(text)
        key = self._place[-1]
        kept, table[key] = table[key], MARK
        return self._doubled(self._text(document), str(key), kept)

    def valued(self, value: str) -> Edit:
        """With a raw value."""
        def edit(text: str) -> str:
            document, table = self._table(text)
            table[self._place[-1]] = MARK
            return self._text(document).replace(f'"{MARK}"', value)

        return edit

    def _table(self, text: str) -> tuple[Any, Any]:
        document = copy.deepcopy(self._parsed(text))
        table = document
        for key in self._place[:-1]:
            table = table[key]
        return document, table

    def _parsed(self, text: str) -> Any:
        raise NotImplementedError

    def _text(self, document: Any) -> str:
        raise NotImplementedError

    def _doubled(self, text: str, key: str, value: Any) -> str:
        raise NotImplementedError


class _Toml(_Form):
    def _parsed(self, text: str) -> Any:
        return tomli.loads(text)

    def _text(self, document: Any) -> str:
        return tomli_w.dumps(document)

    def _doubled(self, text: str, key: str, value: Any) -> str:
        line = f'{json.dumps(key) if "." in key else key} = "{MARK}"'
        inline = tomli_w.dumps({"x": value}) if not isinstance(value, dict) else "x = {}"
        again = inline.removeprefix("x = ").strip() if inline.startswith("x = ") else "[{}]"
        return text.replace(line, f"{line.split(' = ')[0]} = {again}\n{line.split(' = ')[0]} = {again}")


class _Json(_Form):
    def _parsed(self, text: str) -> Any:
        return json.loads(text)

    def _text(self, document: Any) -> str:
        return json.dumps(document)

    def _doubled(self, text: str, key: str, value: Any) -> str:
        pair = f'{json.dumps(key)}: {json.dumps(value)}'
        return text.replace(f'{json.dumps(key)}: "{MARK}"', f"{pair}, {pair}")
