"""`lava-opzo plot`: draw the picture of a run folder again."""
from pathlib import Path
from typing import Annotated

from typer import Argument

from lava_opzo.cli.options import AsJson


def plot(
    run: Annotated[Path, Argument(help="run folder")],
    as_json: AsJson = False,
) -> None:
    """Learning curve, spike rates, alignment of M, raster of one sample with its phases, histograms; of images their kernels."""
    from lava_opzo.cli.output import answer
    from lava_opzo.engines import registry
    from lava_opzo.experiment.samples import load_data
    from lava_opzo.report.run import draw
    from lava_opzo.runs import checkpoint
    from lava_opzo.runs.folder import RunFolder

    folder = RunFolder(run)
    experiment, _, _ = checkpoint.load(folder.checkpoint)
    print(registry.first_line("lava", experiment.number), flush=True)
    draw(folder, load_data(experiment))
    print(folder.picture)
    answer({"picture": str(folder.picture)})
