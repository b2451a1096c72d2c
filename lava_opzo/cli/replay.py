"""`lava-opzo replay`: golden vectors against any engine or target."""
from pathlib import Path
from typing import Annotated

from typer import Argument, Context, Exit, Option

from lava_opzo.cli.options import AsJson, Mode, Place, Plugin, Ranges
from lava_opzo.errors import DIFFERENCE


def replay(
    context: Context,
    folder: Annotated[Path, Argument(help="folder that `lava-opzo record` wrote")],
    engine: Annotated[str | None, Option(help="one or more of stock, fast, twin, oracle; default: all of them, or twin where a "
                                              "target was recorded")] = None,
    plugin: Plugin = None,
    mode: Mode = "on-chip",
    target: Place = "simulator",
    ranges: Ranges = False,
    as_json: AsJson = False,
) -> None:
    """Learn the recorded samples again and compare every value; exit code 1 at the first difference."""
    import shlex

    from lava_opzo.cli.given import refuse_beside
    from lava_opzo.cli.options import target_of
    from lava_opzo.cli.output import answer, progress
    from lava_opzo.engines.registry import parse
    from lava_opzo.verification import report as reports
    from lava_opzo.verification.golden import Vectors

    chosen = target_of(plugin, mode, target)
    if chosen is not None:
        refuse_beside(context, "a target", ("engine",))
    vectors = Vectors(folder)
    if chosen is not None:
        print(f"replay: {chosen.line()}; against vectors recorded in {vectors.engine}", flush=True)
        report = vectors.replay_target(chosen, progress)
    else:
        names = parse(engine or ("twin" if vectors.is_read else "stock,fast,twin,oracle"), 1)
        print(f"replay: {', '.join(names)} against vectors recorded in {vectors.engine}; in software, no board is used",
              flush=True)
        report = vectors.replay(names, progress)
    command = ""
    if report.first:
        comparison = report.first[0]
        again = chosen.options if chosen else f"--engine {comparison.left if vectors.is_read else comparison.right}"
        command = f"lava-opzo replay {shlex.quote(str(folder))} {again}"
    print("\n".join(reports.lines(report, command, ranges)))
    answer(reports.as_dict(report, command))
    if report.differing:
        raise Exit(DIFFERENCE)
