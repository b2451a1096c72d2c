"""How a command that ran a job ends: lines for a person, one line of JSON on request, 130 after an interrupt."""
import json
import sys
from typing import Any

import typer

from lava_opzo.errors import INTERRUPTED
from lava_opzo.report.run import report
from lava_opzo.runs.folder import RunFolder


def finish(result: dict[str, Any], run: RunFolder, as_json: bool) -> None:
    """Print the result of `lava_opzo.runs.start`; exit with 130 if it was interrupted."""
    print(report(result, run))
    if as_json:
        print(json.dumps(result))
    if result["interrupted"]:
        raise typer.Exit(INTERRUPTED)


def progress(done: int, total: int) -> None:
    """One line on standard error that counts samples."""
    print(f"\rsample {done}/{total}", end="\n" if done == total else "", file=sys.stderr, flush=True)
