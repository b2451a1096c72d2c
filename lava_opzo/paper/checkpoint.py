"""A run on disk: all arrays, the setup, what the epochs came to, under one sha256; whole or not there; no pickle."""
import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save as serialise

from lava_opzo.errors import UserError
from lava_opzo.files import json_lines, tensors, toml
from lava_opzo.files.whole import write_whole
from lava_opzo.paper import setup as setups
from lava_opzo.paper.learner import Learner
from lava_opzo.paper.setup import Setup
from lava_opzo.paper.training import Epoch

FORMAT = "lava-opzo paper 1"
NAME = "paper.safetensors"
KEYS = {"format", "setup", "epochs", "seen", "sha256"}


def save(path: Path, learner: Learner, epochs: list[Epoch]) -> None:
    """Write a checkpoint. An older file at `path` stays until the new one is whole."""
    arrays = {name: array.detach().cpu().numpy().astype(np.float64) for name, array in _tensors(learner).items()}
    words = {"format": FORMAT, "setup": setups.written(learner.network.setup), "seen": str(learner.seen),
             "epochs": json.dumps([asdict(epoch) for epoch in epochs])}
    write_whole(path, serialise(arrays, words | {"sha256": digest(words, arrays)}))


def load(path: Path) -> tuple[Setup, list[Epoch], int, dict[str, np.ndarray]]:
    """(setup, its epochs so far, samples learned, arrays). Raises UserError for a file that is missing, damaged or another's."""
    owner = f"paper run {path}"
    with tensors.opened("paper run", path) as file:
        words, arrays = file.metadata, file.arrays()
    if words.get("format") != FORMAT or words.keys() != KEYS:
        raise UserError(f"{owner}: is not of format '{FORMAT}'; give the folder of a run of lava-opzo paper")
    if digest({key: word for key, word in words.items() if key != "sha256"}, arrays) != words["sha256"]:
        raise UserError(f"{owner}: its sha256 differs, so that something in it is not what was saved; start a new run")
    setup = setups.read(json_lines.parsed(words["setup"].encode()) or {}, owner)
    epochs = [toml.checked(Epoch, one, owner) for one in json.loads(words["epochs"])]
    return setup, epochs, int(words["seen"]), arrays


def restore(learner: Learner, seen: int, arrays: dict[str, np.ndarray]) -> None:
    """Put the arrays of a checkpoint into a learner that was built from its setup. Raises UserError where they do not fit."""
    _prepare(learner, arrays)
    wanted = _tensors(learner)
    odd = sorted(wanted.keys() ^ arrays.keys())
    odd = odd or [name for name, one in wanted.items() if tuple(one.shape) != arrays[name].shape]
    if odd:
        raise UserError(f"paper run: array '{odd[0]}' does not belong to its network; start a new run")
    for name, tensor in wanted.items():
        with torch.no_grad():
            tensor.copy_(torch.from_numpy(arrays[name]))
    learner.seen = seen


def digest(words: dict[str, str], arrays: dict[str, np.ndarray]) -> str:
    """sha256 over words, names, shapes and bytes."""
    shapes = [[name, list(arrays[name].shape)] for name in sorted(arrays)]
    found = hashlib.sha256(json.dumps([words, shapes], sort_keys=True).encode())
    for name in sorted(arrays):
        found.update(np.ascontiguousarray(arrays[name]).tobytes())
    return found.hexdigest()


def _tensors(learner: Learner) -> dict[str, torch.Tensor]:
    """Everything that learning changes, by name: weights, M, and what the optimiser keeps of each."""
    found = learner.parameters | learner.arrays
    for name, parameter in learner.parameters.items():
        kept = learner.optimiser.state.get(parameter, {})
        found |= {f"{name}:{key}": one for key, one in kept.items() if isinstance(one, torch.Tensor)}
    return found


def _prepare(learner: Learner, arrays: dict[str, np.ndarray]) -> None:
    """Give the optimiser the places of what it keeps, which it makes itself in its first step."""
    for name, parameter in learner.parameters.items():
        for stored in (one for one in arrays if one.startswith(f"{name}:")):
            key = stored.rpartition(":")[2]
            learner.optimiser.state[parameter][key] = torch.zeros(()) if key == "step" else torch.zeros_like(parameter)
