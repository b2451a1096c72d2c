"""`lava-opzo replay`: golden vectors against any engine."""
from pathlib import Path
from typing import Annotated

from typer import Argument, Exit, Option


def replay(
    folder: Annotated[Path, Argument(help="folder that `lava-opzo record` wrote")],
    engine: Annotated[str, Option(help="one or more of stock, fast, twin, oracle")] = "stock,fast,twin,oracle",
    as_json: Annotated[bool, Option("--json", help="print one line of JSON instead")] = False,
) -> None:
    """Learn the recorded samples again and compare every value; exit code 1 at the first difference."""
    import json
    import sys

    from lava_opzo.cli.output import progress
    from lava_opzo.engines.registry import parse
    from lava_opzo.verification import report as reports
    from lava_opzo.verification.golden import Vectors

    names = parse(engine, 1)
    vectors = Vectors(folder)
    print(f"replay: {', '.join(names)} against vectors recorded in {vectors.engine}; in software, no board is used", flush=True,
          file=sys.stderr if as_json else sys.stdout)
    report = vectors.replay(names, progress)
    command = f"lava-opzo replay {folder} --engine {report.first[0].right}" if report.first else ""
    print(json.dumps(reports.as_dict(report, command)) if as_json else "\n".join(reports.lines(report, command)))
    if report.differing:
        raise Exit(1)
