"""Whether a learner may write a checkpoint where a file lies already."""
import os
from pathlib import Path

from lava_opzo.errors import UserError
from lava_opzo.experiment.samples import STREAM
from lava_opzo.network.checks import misfit
from lava_opzo.network.state import State
from lava_opzo.runs import checkpoint


def check_place(path: Path, state: State, own: bool) -> None:
    """Raise UserError for a file that a learner must not write, or not replace. own: whether this learner has written it."""
    if path.suffix != ".safetensors":
        raise UserError(f"{path}: a checkpoint ends in .safetensors, as other commands tell it by that; choose such a name")
    if own or not os.path.lexists(path):
        return
    experiment, kept, _ = checkpoint.load(path)
    fault = ("belongs to a run" if experiment.data.name != STREAM
             else f"has learned {kept.n_trained} samples, more than the {state.n_trained} of this learner"
             if kept.n_trained > state.n_trained else misfit(experiment.network, state.arrays) and "holds another network")
    if fault:
        raise UserError(f"{path}: {fault}, and stays as it is; choose another name")
