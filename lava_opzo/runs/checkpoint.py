"""A state on disk: safetensors with the experiment inside, written aside and renamed, so that it is whole or not there."""
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np

from lava_opzo.network.network import Config
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment, dumps, loads
from lava_opzo.network.state import State
from lava_opzo.network.checks import misfit
from lava_opzo.files.whole import write_whole

FORMAT = "lava-opzo checkpoint 2"


def save(path: str | Path, experiment: Experiment, state: State, extra: dict | None = None) -> None:
    """Write `state` and the experiment; `extra` is a JSON-able dict. An older file at `path` stays until the new one is whole."""
    from safetensors.numpy import save as serialise

    metadata = {"format": FORMAT, "experiment": dumps(experiment), "experiment_sha256": experiment.hash,
                "n_trained": str(state.n_trained), "extra": json.dumps(extra or {})}
    write_whole(path, serialise(state.arrays(), metadata))




def load(path: str | Path) -> tuple[Experiment, State, dict]:
    """The experiment, the state and the extra dict of a checkpoint. Older ones keep the experiment's model in the extra dict.

    Raises UserError for a file that is missing, truncated, of another format, or whose arrays do not fit its own experiment.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="numpy") as file:
            metadata = file.metadata() or {}
            arrays = {name: file.get_tensor(name) for name in file.keys()}
    except (OSError, SafetensorError) as error:
        raise UserError(f"checkpoint {path}: cannot be read: {error}; give the path of a whole checkpoint") from None
    if metadata.get("format") != FORMAT:
        raise UserError(f"checkpoint {path}: format {metadata.get('format')!r} is not {FORMAT!r}; it was not written by this version")
    experiment = loads(metadata["experiment"], f"checkpoint {path}")
    if experiment.hash != metadata["experiment_sha256"]:
        raise UserError(f"checkpoint {path}: its experiment was edited (sha256 differs); start a new run from the edited config")
    extra = json.loads(metadata["extra"])
    experiment = replace(experiment, model=extra.pop("model", experiment.model))
    return experiment, _state(path, experiment.network, arrays, int(metadata["n_trained"])), extra


def _state(path, config: Config, arrays: dict[str, np.ndarray], n_trained: int) -> State:
    fault = misfit(config, arrays)
    if fault:
        raise UserError(f"checkpoint {path}: {fault}; it belongs to another network")
    return State.from_arrays(arrays, n_trained)
