"""A state on disk: safetensors with the experiment inside and a sha256 over everything, whole or not there, checked when read."""
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from safetensors.numpy import save as serialise

from lava_opzo.errors import UserError, shown
from lava_opzo.experiment.experiment import Experiment, dumps, from_document, hash_of
from lava_opzo.files import json_lines, tensors, toml
from lava_opzo.files.tensors import TensorFile
from lava_opzo.files.whole import write_whole
from lava_opzo.network import old_names
from lava_opzo.network.checks import check_kept, misfit_of
from lava_opzo.network.memory import check_memory
from lava_opzo.network.state import State
from lava_opzo.runs import replay as memory
from lava_opzo.runs.counted import Counted, check_counted
from lava_opzo.runs.replay import Replay

Found = TypeVar("Found")

FORMAT = "lava-opzo checkpoint 4"
FORMAT_5 = "lava-opzo checkpoint 5"
"""As FORMAT, with the memory of a learner that has one: its numbers among the metadata, its samples among the arrays."""

FORMAT_3 = "lava-opzo checkpoint 3"
"""It has no sha256 over its arrays; it is read and never written."""

FORMAT_2 = "lava-opzo checkpoint 2"
"""As FORMAT_3, and its arrays and its experiment have the names of `lava_opzo.network.old_names`."""

KEYS = {"format", "experiment", "experiment_sha256", "n_trained", "extra"}
"""The metadata of every format."""

ADDED = {FORMAT: {"sha256"}, FORMAT_5: {"sha256", "replay"}}
"""What a format has beside them."""

NAME, PREVIOUS = "checkpoint.safetensors", "checkpoint.previous.safetensors"
"""The last and the last but one checkpoint of a run folder."""


@dataclass(frozen=True)
class _Head:
    """The metadata of a checkpoint, checked one by one."""

    format: str
    experiment: Experiment
    n_trained: int
    extra: dict[str, Any]
    sha256: str | None
    replay: str | None


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint holds. replay: the memory of a learner, None for one without, as for every run."""

    experiment: Experiment
    state: State
    counted: Counted
    replay: Replay | None = None


def content(experiment: Experiment, state: State, counted: Counted | None = None, replay: Replay | None = None) -> bytes:
    """A checkpoint as bytes. Raises UserError for a state that `load` would refuse."""
    counted = counted or Counted()
    check_kept(experiment.network, state, experiment.number, counted.moved)
    check_counted(experiment.network, counted, int(state.n_trained))
    metadata = {"format": FORMAT, "experiment": dumps(experiment), "experiment_sha256": experiment.hash,
                "n_trained": str(int(state.n_trained)), "extra": json.dumps(counted.document(), allow_nan=False)}
    arrays = {name: np.ascontiguousarray(array) for name, array in state.arrays.items()}
    if replay is not None:
        numbers, samples = memory.saved(replay)
        metadata |= {"format": FORMAT_5, "replay": json.dumps(numbers)}
        arrays |= samples
    return serialise(arrays, metadata | {"sha256": digest(metadata, arrays)})


def save(path: str | Path, experiment: Experiment, state: State, counted: Counted | None = None,
         replay: Replay | None = None) -> None:
    """Write the state and the experiment. An older file at `path` stays until the new one is whole."""
    write_whole(path, content(experiment, state, counted, replay))


def load(path: str | Path) -> tuple[Experiment, State, Counted]:
    """The experiment, the state and the counts of a checkpoint.

    Raises UserError for a file that is missing, damaged in any bit, of another format, or whose arrays are not what its own
    experiment can have left; it says whether an older one is kept.
    """
    found = load_all(path)
    return found.experiment, found.state, found.counted


def load_all(path: str | Path) -> Checkpoint:
    """Everything that a checkpoint holds, a learner's memory too. Raises UserError as `load`."""
    owner = f"checkpoint {path}"
    try:
        with tensors.opened("checkpoint", path) as file:
            head = _head(owner, file.metadata)
            network = head.experiment.network
            shapes = {name: spec.shape for name, spec in file.specs.items() if name not in _samples(head)}
            fault = misfit_of(network, _new_names(head, shapes))
            if fault:
                raise UserError(f"{owner}: {fault}; it belongs to another network")
            check_memory(network)
            arrays = file.arrays()
            _check_digest(owner, head, file, arrays)
        samples = {name: arrays.pop(name) for name in _samples(head) if name in arrays}
        replay = _replay(owner, head, samples)
        state, counted = State(_new_names(head, arrays), head.n_trained), _counted(owner, head)
        _check(owner, lambda: check_kept(network, state, head.experiment.number, counted.moved))
    except UserError as error:
        raise type(error)(f"{error}{_older(Path(path))}") from None
    return Checkpoint(head.experiment, state, counted, replay)


def n_trained(path: str | Path) -> int:
    """The samples that a checkpoint has learned, from its header alone. Raises UserError for a file without one."""
    with tensors.opened("checkpoint", path) as file:
        return _number(f"checkpoint {path}", _format(f"checkpoint {path}", file.metadata)["n_trained"])


def is_old(path: str | Path) -> bool:
    """Whether a checkpoint is of an older format. Raises UserError for a file that is none."""
    with tensors.opened("checkpoint", path) as file:
        return _format(f"checkpoint {path}", file.metadata)["format"] not in ADDED


def digest(metadata: dict[str, str], arrays: dict[str, np.ndarray]) -> str:
    """sha256 over the metadata but their own sha256, and over name, type, shape and bytes of every array."""
    words = {key: word for key, word in metadata.items() if key != "sha256"}
    names = sorted(arrays)
    kinds = [[name, arrays[name].dtype.str, list(arrays[name].shape)] for name in names]
    found = hashlib.sha256(json.dumps([words, kinds], sort_keys=True).encode())
    for name in names:
        found.update(arrays[name].data if arrays[name].size else b"")
    return found.hexdigest()


def _format(owner: str, metadata: dict[str, str]) -> dict[str, str]:
    """The metadata, whose keys must be those of their format."""
    found = metadata.get("format")
    if found not in (FORMAT_5, FORMAT, FORMAT_3, FORMAT_2):
        raise UserError(f"{owner}: format {shown(repr(found))} is not {FORMAT_5!r} or one of its three forerunners; "
                        "it was not written by this version, or it is damaged")
    wanted = KEYS | ADDED.get(found, set())
    if metadata.keys() != wanted:
        raise UserError(f"{owner}: metadata {shown(str(sorted(metadata.keys() ^ wanted)))} are missing or too many in its "
                        "format; it is damaged")
    return metadata


def _head(owner: str, metadata: dict[str, str]) -> _Head:
    words = _format(owner, metadata)
    extra = json_lines.parsed(words["extra"].encode(errors="replace"))
    if extra is None:
        raise UserError(f"{owner}: its counts are no table; it is damaged")
    experiment = _experiment(owner, words["experiment"], words["experiment_sha256"])
    if words["format"] == FORMAT_2:
        experiment = replace(experiment, number=old_names.number(extra.get("model", experiment.number)))
    return _Head(words["format"], experiment, _number(owner, words["n_trained"]), extra, words.get("sha256"),
                 words.get("replay"))


def _experiment(owner: str, text: str, sha256: str) -> Experiment:
    """The experiment of a checkpoint, whose document must have the sha256 that was written with it."""
    document: dict[str, Any] = toml.document(text, owner)
    if hash_of(old_names.hashed(document)) != sha256:
        raise UserError(f"{owner}: its experiment was edited (sha256 differs); start a new run from the edited config")
    return from_document(document, owner)


def _number(owner: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise UserError(f"{owner}: n_trained {shown(repr(text))} is no number of samples; it is damaged")
    return int(text)


def _new_names(head: _Head, named: dict[str, Any]) -> dict[str, Any]:
    return old_names.new_arrays(head.experiment.network, named) if head.format == FORMAT_2 else named


def _check_digest(owner: str, head: _Head, file: TensorFile, arrays: dict[str, np.ndarray]) -> None:
    if head.sha256 is not None and digest(file.metadata, arrays) != head.sha256:
        raise UserError(f"{owner}: its sha256 differs, so that a weight or a count in it is not what was saved; it is damaged")


def _samples(head: _Head) -> tuple[str, ...]:
    """The names of the samples of a memory."""
    return () if head.replay is None else (memory.FRAMES, memory.LABELS)


def _replay(owner: str, head: _Head, samples: dict[str, np.ndarray]) -> Replay | None:
    if head.replay is None:
        return None
    numbers = json_lines.parsed(head.replay.encode(errors="replace"))
    if numbers is None:
        raise UserError(f"{owner}: the numbers of its memory are no table; it is damaged")
    return _check(owner, lambda: memory.restored(head.experiment.network, numbers, samples))


def _counted(owner: str, head: _Head) -> Counted:
    extra = head.extra
    if head.format == FORMAT_2:
        if not isinstance(extra.get("layers", {}), dict):
            raise UserError(f"{owner}: its counts of layers are no table; it is damaged")
        extra = old_names.new_extra(extra)
    counted = toml.checked(Counted, extra, f"{owner}: counts")
    _check(owner, lambda: check_counted(head.experiment.network, counted, head.n_trained))
    return counted


def _check(owner: str, check: Callable[[], Found]) -> Found:
    """What `check` finds."""
    try:
        return check()
    except UserError as error:
        raise UserError(f"{owner}: {error}; it is damaged or was changed by hand") from None


def _older(path: Path) -> str:
    """How to go on from the checkpoint before, where one is kept."""
    kept = path.with_name(PREVIOUS)
    if path.name != NAME or not kept.is_file():
        return ""
    return f"; the one before it is kept: lava-opzo resume {path.parent} --from-previous goes on from it"
