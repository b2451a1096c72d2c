"""A state on disk: safetensors with the experiment inside, written aside and renamed, so that it is whole or not there."""
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as serialise

from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment, dumps, from_document, hash_of
from lava_opzo.files import toml
from lava_opzo.files.whole import write_whole
from lava_opzo.network import old_names
from lava_opzo.network.checks import misfit
from lava_opzo.network.state import State
from lava_opzo.runs.counted import Counted

FORMAT = "lava-opzo checkpoint 3"
OLD_FORMAT = "lava-opzo checkpoint 2"
"""Its arrays and its experiment have the names of `lava_opzo.network.old_names`; it is read and never written."""


def save(path: str | Path, experiment: Experiment, state: State, counted: Counted | None = None) -> None:
    """Write the state and the experiment. An older file at `path` stays until the new one is whole."""
    metadata = {"format": FORMAT, "experiment": dumps(experiment), "experiment_sha256": experiment.hash,
                "n_trained": str(state.n_trained), "extra": json.dumps(asdict(counted or Counted()))}
    write_whole(path, serialise(state.arrays, metadata))


def load(path: str | Path) -> tuple[Experiment, State, Counted]:
    """The experiment, the state and the counts of a checkpoint.

    Raises UserError for a file that is missing, truncated, of another format, or whose arrays do not fit its own experiment.
    """
    metadata, arrays = _read(path)
    found = metadata.get("format")
    if found not in (FORMAT, OLD_FORMAT):
        raise UserError(f"checkpoint {path}: format {found!r} is neither {FORMAT!r} nor {OLD_FORMAT!r}; "
                        "it was not written by this version")
    experiment = _experiment(path, metadata["experiment"], metadata["experiment_sha256"])
    extra = json.loads(metadata["extra"])
    if found == OLD_FORMAT:
        experiment = replace(experiment, number=old_names.number(extra.get("model", experiment.number)))
        arrays, extra = old_names.new_arrays(experiment.network, arrays), old_names.new_extra(extra)
    fault = misfit(experiment.network, arrays)
    if fault:
        raise UserError(f"checkpoint {path}: {fault}; it belongs to another network")
    return experiment, State(arrays, int(metadata["n_trained"])), Counted(**extra)


def _read(path: str | Path) -> tuple[dict[str, str], dict[str, np.ndarray]]:
    """Metadata and arrays of a file."""
    try:
        with safe_open(str(path), framework="numpy") as file:
            return file.metadata() or {}, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise UserError(f"checkpoint {path}: cannot be read: {error}; give the path of a whole checkpoint") from None


def _experiment(path: str | Path, text: str, sha256: str) -> Experiment:
    """The experiment of a checkpoint, whose document must have the sha256 that was written with it."""
    document: dict[str, Any] = toml.document(text, f"checkpoint {path}")
    if hash_of(old_names.hashed(document)) != sha256:
        raise UserError(f"checkpoint {path}: its experiment was edited (sha256 differs); start a new run from the edited config")
    return from_document(document, f"checkpoint {path}")
