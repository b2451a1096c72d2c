"""How a command that ran a job ends: lines for a person, one line of JSON on request, 130 after an interrupt."""
import json

import typer

from lava_opzo.run_folder import RunFolder

INTERRUPTED = 130


def finish(result: dict, run: RunFolder, as_json: bool) -> None:
    """Print the result of `lava_opzo.job`; exit with 130 if it was interrupted."""
    from lava_opzo.job import report

    print(report(result, run))
    if as_json:
        print(json.dumps(result))
    if result["interrupted"]:
        raise typer.Exit(INTERRUPTED)
