"""`lava-opzo replay`: golden vectors against any engine."""
from pathlib import Path
from typing import Annotated

from typer import Argument, Exit, Option

from lava_opzo.cli.options import AsJson
from lava_opzo.errors import DIFFERENCE


def replay(
    folder: Annotated[Path, Argument(help="folder that `lava-opzo record` wrote")],
    engine: Annotated[str, Option(help="one or more of stock, fast, twin, oracle")] = "stock,fast,twin,oracle",
    as_json: AsJson = False,
) -> None:
    """Learn the recorded samples again and compare every value; exit code 1 at the first difference."""
    from lava_opzo.cli.output import answer, progress
    from lava_opzo.engines.registry import parse
    from lava_opzo.verification import report as reports
    from lava_opzo.verification.golden import Vectors

    names = parse(engine, 1)
    vectors = Vectors(folder)
    print(f"replay: {', '.join(names)} against vectors recorded in {vectors.engine}; in software, no board is used", flush=True)
    report = vectors.replay(names, progress)
    command = f"lava-opzo replay {folder} --engine {report.first[0].right}" if report.first else ""
    print("\n".join(reports.lines(report, command)))
    answer(reports.as_dict(report, command))
    if report.differing:
        raise Exit(DIFFERENCE)
