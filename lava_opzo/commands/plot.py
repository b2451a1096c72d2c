"""`lava-opzo plot`: draw the picture of a run folder again."""
from pathlib import Path
from typing import Annotated

from typer import Argument


def plot(run: Annotated[Path, Argument(help="run folder")]):
    """Learning curve, spike rates, alignment of M, raster of one sample with its phases, histograms of W and M."""
    from lava_opzo import checkpoint, job
    from lava_opzo.run_folder import RunFolder
    from lava_opzo.target import simulator

    folder = RunFolder(run)
    experiment, _, _ = checkpoint.load(folder.checkpoint)
    print(simulator(experiment.model, "fast"), flush=True)
    job.draw(folder, job.load_data(experiment))
    print(folder.picture)
