"""What a board command works on: a config file, a checkpoint, a run folder, or nothing for the digits preset."""

from pathlib import Path

import numpy as np

from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.network.state import State
from lava_opzo.network.initial import initial_state


def open_source(path: Path | None, floating: bool = False) -> tuple[Experiment, State]:
    """The experiment and its state: of a checkpoint or run folder the learned one, else the initial one.

    Raises UserError when the path is neither, damaged, or (unless `floating`) of a floating-point run.
    """
    from lava_opzo.runs import checkpoint
    from lava_opzo.experiment import experiment
    from lava_opzo.experiment import presets
    from lava_opzo.runs.folder import RunFolder

    if path is None:
        chosen = presets.digits()
        return chosen, initial_state(chosen.network)
    if path.is_dir():
        path = RunFolder(path).checkpoint
    if path.suffix == ".safetensors":
        chosen, state, _ = checkpoint.load(path)
        if not floating and not np.issubdtype(state.weights[0].dtype, np.integer):
            raise UserError(f"{path}: holds a floating-point network; boards and exports take one trained with --model fixed_pt")
        return chosen, state
    if path.suffix == ".toml":
        chosen = experiment.load(path)
        return chosen, initial_state(chosen.network)
    raise UserError(f"{path}: neither a config (.toml) nor a checkpoint (.safetensors) nor a run folder; give one of these")


def samples(experiment: Experiment, n: int):
    """The first n test samples of the experiment's data set, or training samples where it has no test part: (frames, labels)."""
    from lava_opzo.experiment.samples import load_data

    dataset = load_data(experiment)
    part = "test" if len(dataset.test_labels) else "train"
    return getattr(dataset, f"{part}_frames")[:n], getattr(dataset, f"{part}_labels")[:n]
