"""`lava-opzo import-network`: a network that slayer or torch trained, or a NIR graph, as the start of on-line learning."""
from pathlib import Path
from typing import Annotated

from typer import Argument, Option


def import_network(
    file: Annotated[Path, Argument(help="netx HDF5 of slayer's export_hdf5 (.net, .h5, .hdf5), NIR (.nir), or a "
                                        "torch state_dict (.safetensors), as lava-opzo paper leaves one")],
    out: Annotated[Path, Argument(help="run folder to make; one that holds a run is refused")],
    template: Annotated[Path | None, Option(help="config with the data set and what the file lacks; default digits")] = None,
    threshold: Annotated[float | None, Option(help="of hidden neurons, where a state_dict does not say it; default 1")] = None,
    leak: Annotated[float | None, Option(help="share of a membrane that a step keeps, 0..1, where a state_dict does not say it; "
                                              "default 1")] = None,
) -> None:
    """Make a run folder whose checkpoint holds the imported weights and the scales derived for learning."""
    from dataclasses import replace

    from lava_opzo.engines.twin.integers.loop import evaluate
    from lava_opzo.errors import UserError
    from lava_opzo.experiment.samples import load_data
    from lava_opzo.export import netx, nir_graph, state_dict
    from lava_opzo.export.fitting import fitted
    from lava_opzo.export.forward import scales
    from lava_opzo.export.learnable import to_learning
    from lava_opzo.network.form import changed
    from lava_opzo.runs.folder import RunFolder
    from lava_opzo.runs.source import open_source, samples_of
    from lava_opzo.silicon.readouts import CLASSES

    RunFolder(out).refuse_used()
    if file.suffix != ".safetensors" and (threshold is not None or leak is not None):
        raise UserError("import-network: --threshold and --leak are for a state_dict (.safetensors); leave them out")
    experiment, _ = open_source(template)
    if experiment.network.readout.kind != CLASSES:
        raise UserError(f"import-network: outputs of the template are {experiment.network.readout.kind}, those of files of other "
                        "tools are classes; give a --template of classes")
    learning = experiment.network.learning
    if file.suffix == ".safetensors":
        unit = state_dict.unit_of(experiment.network)
        forward = state_dict.read(file, unit, experiment.network.input.n, threshold, leak)
    else:
        forward = (nir_graph if file.suffix == ".nir" else netx).read(file)
    if forward.steps and forward.steps != learning.steps:
        print(f"window steps K: {forward.steps} of the file in the place of {learning.steps} of the template")
    spread = experiment.network.input.spread
    if forward.spread not in (None, spread):
        print(f"payloads: {'spread over a window' if forward.spread else 'the same in every step'}, as the file says; the "
              "template has them otherwise")
    learning = replace(learning, steps=forward.steps or learning.steps)
    experiment = replace(experiment, network=changed(experiment.network, learning=learning))
    dataset = load_data(experiment)
    frames, labels = samples_of(dataset, 200)
    forward = fitted(forward, dataset.shape, frames.shape[2])
    for note in forward.notes:
        print(note)
    if frames.shape[2] != forward.n_in:
        raise UserError(f"{file}: {forward.n_in} inputs are not the {frames.shape[2]} lines of data set '{experiment.data.name}';"
                        " give a --template with the data set it was trained on")
    if forward.n_out != experiment.network.readout.n:
        raise UserError(f"{file}: {forward.n_out} classes are not the {experiment.network.readout.n} of data set "
                        f"'{experiment.data.name}'; give a --template with the data set it was trained on")
    network, state = to_learning(forward, experiment.network, frames)
    experiment = replace(experiment, network=network)
    run = RunFolder.create(out, experiment, state)
    for name, value in scales(forward).items():
        print(f"{name}: {value}")
    hits = 100 * float((evaluate(network, state, frames).predictions == labels).mean())
    print(f"before any on-line learning {hits:.2f} % of {len(frames)} samples are right; {run.checkpoint} is ready to be resumed")
