"""`lava-opzo plot`: draw the picture of a run folder again, or the learning curves of several with mean and spread."""
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from lava_opzo.cli.options import AsJson


def plot(
    runs: Annotated[list[Path], Argument(metavar="RUN [RUN ...]", help="run folder; of several, the learning curves are drawn")],
    out: Annotated[Path | None, Option(help="file to write, .png, .pdf or .svg; default: run.png in its folder")] = None,
    as_json: AsJson = False,
) -> None:
    """Of one run: curves, rates, alignment of M, raster, histograms, kernels. Of several: accuracy with mean and spread."""
    from lava_opzo.cli.output import answer
    from lava_opzo.engines import registry
    from lava_opzo.errors import UserError
    from lava_opzo.report.figures import curves_figure
    from lava_opzo.report.picture import check_ending, save
    from lava_opzo.report.run import draw
    from lava_opzo.runs import checkpoint
    from lava_opzo.runs.curves import curves
    from lava_opzo.runs.folder import RunFolder
    from lava_opzo.runs.learned import learned_data

    if out is not None:
        check_ending(out)
    if len(runs) > 1:
        if out is None:
            raise UserError("plot: learning curves of several runs belong to none of their folders; give --out FILE.pdf")
        save(curves_figure(curves([RunFolder(run) for run in runs])), out)
        picture = out
    else:
        folder = RunFolder(runs[0])
        experiment, _, counted = checkpoint.load(folder.checkpoint)
        print(registry.first_line("lava", experiment.number), flush=True)
        draw(folder, learned_data(folder.owner, experiment, counted), out)
        picture = out or folder.picture
    print(picture)
    answer({"picture": str(picture)})
