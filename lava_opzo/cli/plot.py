"""`lava-opzo plot`: draw the picture of a run folder again."""
from pathlib import Path
from typing import Annotated

from typer import Argument


def plot(run: Annotated[Path, Argument(help="run folder")]):
    """Learning curve, spike rates, alignment of M, raster of one sample with its phases, histograms of W and M."""
    from lava_opzo.engines.announce import simulator
    from lava_opzo.experiment import samples
    from lava_opzo.report import run
    from lava_opzo.runs import checkpoint
    from lava_opzo.runs.folder import RunFolder

    folder = RunFolder(run)
    experiment, _, _ = checkpoint.load(folder.checkpoint)
    print(simulator(experiment.model, "fast"), flush=True)
    run.draw(folder, samples.load_data(experiment))
    print(folder.picture)
