"""`lava-opzo report`: one HTML page of what runs came to, without network access."""
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from lava_opzo.cli.options import AsJson


def report(
    runs: Annotated[list[Path], Argument(metavar="RUN [RUN ...]", help="run folder; more of them join the learning curves")],
    out: Annotated[Path | None, Option(help="file to write, .html; default: report.html in the folder of one run")] = None,
    board: Annotated[str, Option(help="board type of mapping and pre-flight")] = "oheo-gulch",
    as_json: AsJson = False,
) -> None:
    """Curves, confusion, rates, weights, a sample step by step, board, engines, and how to repeat it, in one HTML file."""
    from lava_opzo.cli.output import answer
    from lava_opzo.engines import registry
    from lava_opzo.errors import UserError
    from lava_opzo.report.page import page
    from lava_opzo.report.page.facts import gather
    from lava_opzo.runs import checkpoint
    from lava_opzo.runs.folder import RunFolder
    from lava_opzo.runs.learned import learned_data
    from lava_opzo.silicon import boards
    from lava_opzo.silicon.readouts import CLASSES

    if out is None and len(runs) > 1:
        raise UserError("report: the page of several runs belongs to none of their folders; give --out FILE.html")
    folders = [RunFolder(run) for run in runs]
    target = out or folders[0].path / page.NAME
    if target.suffix.lower() not in page.ENDINGS:
        raise UserError(f"report: {target}: is a page of HTML; choose a name that ends in .html")
    experiment, _, counted = checkpoint.load(folders[0].checkpoint)
    if experiment.network.readout.kind != CLASSES:
        raise UserError(f"report: outputs of kind '{experiment.network.readout.kind}' have no page, which shows what classes are "
                        "taken for; use lava-opzo plot and lava-opzo evaluate")
    print(registry.first_line("lava", experiment.number), flush=True)
    page.write(target, folders, gather(folders[0], learned_data(folders[0].owner, experiment, counted), boards.find(board)))
    print(target)
    answer({"page": str(target)})
