"""`lava-opzo import-network`: a network trained by lava-dl's slayer, or a NIR graph, as the start of on-line learning."""

from pathlib import Path
from typing import Annotated, Optional

from typer import Argument, Option


def import_network(
    file: Annotated[Path, Argument(help="netx HDF5 of slayer's export_hdf5 (.net, .h5, .hdf5) or NIR (.nir)")],
    out: Annotated[Path, Argument(help="run folder to make; one that holds a run is refused")],
    template: Annotated[
        Optional[Path], Option(help="config .toml with the data set and what the file lacks; default digits")
    ] = None,
):
    """Make a run folder whose checkpoint holds the imported weights and the scales derived for learning."""
    from dataclasses import replace

    from lava_opzo.engines.twin.integers.loop import evaluate
    from lava_opzo.errors import UserError
    from lava_opzo.export import netx, nir_graph
    from lava_opzo.export.forward import scales
    from lava_opzo.export.learnable import to_learning
    from lava_opzo.runs.folder import RunFolder
    from lava_opzo.runs.source import open_source, samples

    forward = (nir_graph if file.suffix == ".nir" else netx).read(file)
    experiment, _ = open_source(template)
    frames, labels = samples(
        replace(experiment, network=replace(experiment.network, steps=forward.steps or experiment.network.steps)), 200
    )
    if frames.shape[2] != forward.layers[0].weights.shape[1]:
        raise UserError(
            f"{file}: {forward.layers[0].weights.shape[1]} inputs are not the {frames.shape[2]} lines of data set "
            f"'{experiment.data.name}'; give a --template with the data set it was trained on"
        )
    config, state = to_learning(forward, experiment.network, frames)
    changed = replace(experiment, network=config)
    run = RunFolder.create(out, changed)
    run.save(changed, state)
    for name, value in scales(forward).items():
        print(f"{name}: {value}")
    hits = 100 * float((evaluate(config, state, frames).predictions == labels).mean())
    print(f"before any on-line learning {hits:.2f} % of {len(frames)} samples are right; {run.checkpoint} is ready to be resumed")
