"""What of a machine may leave it: paths shortened to their last part, environment variables by an allow-list alone."""
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

SHOWN = ("SLURM", "NOSLURM", "PARTITION", "BOARD", "LOIHI_GEN")
"""Variables whose values are told."""

NAMED = ("NXSDKHOST", "HOST_BINARY", "NXOPTIONS")
"""Variables of which only is told that they are set: addresses, paths and options of a site."""

PATH = re.compile(r"""(?<=")~?/[^"\n]+(?=")|(?<=')~?/[^'\n]+(?=')|(?<![\w.~/])~?/[^\s'"`,;:()<>|]+""")
"""An absolute path, or one below a home, in a text; one in quotation marks may have spaces."""

HOMES = ("home", "Users")
"""Folders whose own folders are named after persons."""


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The board's variables among all: name -> value, or `set` where a value is nobody's business."""
    shown = {name: environ[name] for name in SHOWN if environ.get(name)}
    return shown | {name: "set" for name in NAMED if environ.get(name)}


def without_paths(content: Any, known: Iterable[str | Path] = ()) -> Any:
    """The same nested dicts and lists in which texts and keys hold no path but its last part.

    known: paths that may stand in the texts as a user wrote them, relative ones and such with spaces too.
    """
    words = sorted({str(path) for path in known if len(Path(path).parts) > 1}, key=len, reverse=True)
    return _scrubbed(content, words)


def _scrubbed(content: Any, known: list[str]) -> Any:
    if isinstance(content, dict):
        return {_scrubbed(key, known): _scrubbed(value, known) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [_scrubbed(value, known) for value in content]
    if not isinstance(content, str):
        return content
    for path in known:
        content = content.replace(path, _short(path))
    return PATH.sub(lambda found: _short(found.group()), content)


def _short(path: str) -> str:
    parts = Path(path).parts
    of_a_person = Path(path) == Path.home() or len(parts) == 3 and parts[1] in HOMES
    return "~" if of_a_person else f".../{parts[-1]}"
