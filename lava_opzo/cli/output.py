"""What a command leaves on standard output: lines for a person, or one line of JSON."""
import json
import math
import sys
from typing import TYPE_CHECKING, Any

import typer

from lava_opzo.errors import INTERRUPTED

if TYPE_CHECKING:
    from lava_opzo.runs.folder import RunFolder

_answers: list[Any] = []


def answer(content: Any) -> None:
    """Keep what the command prints as its one line of JSON, where --json asks for it (`lava_opzo.cli.app.run`)."""
    _answers[:] = [content]


def answered() -> Any:
    """What `answer` kept last, which is forgotten then; None where there is nothing."""
    return _answers.pop() if _answers else None


def one_line(content: Any) -> str:
    """Content as one line of strict JSON: numbers that are none become null, whatever else JSON has no word for its text."""
    return json.dumps(_plain(content), allow_nan=False)


def printable(line: str) -> str:
    """A line with its line breaks and other control characters, as a name of a file may have them, escaped."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in line)


def finish(result: dict[str, Any], run: "RunFolder") -> None:
    """Print the result of `lava_opzo.runs.start`; exit with 130 if it was interrupted."""
    from lava_opzo.report.run import report

    print(report(result, run))
    answer(result)
    if result["interrupted"]:
        raise typer.Exit(INTERRUPTED)


def progress(done: int, total: int) -> None:
    """One line on standard error that counts samples."""
    print(f"\rsample {done}/{total}", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _plain(content: Any) -> Any:
    if isinstance(content, dict):
        return {str(key): _plain(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [_plain(value) for value in content]
    if isinstance(content, float) and not math.isfinite(content):
        return None
    return content if content is None or isinstance(content, (bool, int, float, str)) else str(content)
