"""A user's own samples in one .npz file."""
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from lava_opzo.data.dataset import UNASKED_CLASSES, Dataset, class_numbers, held_back, ordered, payloads
from lava_opzo.data.files import user_path
from lava_opzo.data.values import encode, fit
from lava_opzo.errors import UserError, shown
from lava_opzo.files import zipped_arrays
from lava_opzo.files.npy import Header
from lava_opzo.silicon.readouts import LABELS, VALUES

KEYS = ("frames", "labels", "test_frames", "test_labels")
VALUE_KEYS = ("frames", "targets", "test_frames", "test_targets")
"""The arrays of samples that teach values."""


def load(path: str | Path | None = None, steps: int = 8, seed: int = 0, n_classes: int = 0, n_test: int | None = None,
         in_order: int = 0) -> Dataset:
    """frames (n, F, n_in) whole numbers 0..15 with F = 1 or steps, labels (n,) from 0; test_frames and test_labels alike.

    labels (n, n_labels) of 0 and 1 say of several labels which a sample has. In their place targets (n,) or (n, n_out) are values
    to be learned: whole numbers -127..127 as they are, real numbers scaled from the least to the largest of the training samples.
    Without test arrays a seeded permutation's last n_test samples (default: a fifth) are held back.
    Training samples come in seeded order. n_classes 0: largest label + 1, up to 1,024 classes. in_order: 1 for samples that keep
    the order of the file, as pieces of a stream do, in both parts.
    Raises UserError that names the file, the array and the first wrong value.
    """
    if path is None:
        raise UserError("data set 'npz' needs a path: an .npz file with the arrays frames and labels")
    if in_order not in (0, 1):
        raise UserError(f"data set 'npz': in_order {in_order} is not 0 or 1; choose one of them")
    order = None if in_order else seed
    file = user_path("npz", path)
    arrays = zipped_arrays.load("npz file", file, lambda headers: _check_names(file, headers))
    frames = _frames(file, arrays, "frames", steps)
    if "targets" in arrays or arrays["labels"].ndim > 1:
        return _with_outputs(file, arrays, frames, steps, order, n_classes, n_test)
    limit = n_classes or UNASKED_CLASSES
    labels = class_numbers(f"{file}: labels", arrays["labels"], len(frames), limit)
    if "test_frames" in arrays:
        if n_test is not None:
            raise UserError(f"{file}: n_test {n_test} given, but the file has its own test_frames; leave n_test out")
        train = ordered(len(frames), order)
        test_frames = _frames(file, arrays, "test_frames", steps)
        test_labels = class_numbers(f"{file}: test_labels", arrays["test_labels"], len(test_frames), limit)
    else:
        train, test = held_back(f"{file}: frames", len(frames), n_test, order)
        test_frames, test_labels = frames[test], labels[test]
    largest = max(int(labels.max(initial=0)), int(test_labels.max(initial=0)))
    return Dataset("npz", n_classes or largest + 1, frames[train], labels[train], test_frames, test_labels,
                   f"arrays of {file}, {_said(order)}")


def _said(seed: int | None) -> str:
    return "training in the order of the file" if seed is None else f"training order with seed {seed}"


def _with_outputs(file: Path, arrays: dict[str, np.ndarray], frames: np.ndarray, steps: int, seed: int | None, n_classes: int,
                  n_test: int | None) -> Dataset:
    """As `load`, where outputs are no classes."""
    key, kind = ("targets", VALUES) if "targets" in arrays else ("labels", LABELS)
    found = {name: values[:, None] if values.ndim == 1 else values for name, values in arrays.items() if name.endswith(key)}
    n_out = found[key].shape[1] if found[key].ndim == 2 else 0
    if not n_out or n_classes not in (0, n_out):
        raise UserError(f"{file}: {key} has shape {arrays[key].shape}; expected (samples, {n_classes or 'outputs'})")
    real = kind == VALUES and found[key].dtype.kind == "f"
    for name, values in found.items():
        if real and not (values.dtype.kind in "iuf" and np.isfinite(values).all()):
            raise UserError(f"{file}: {name} holds what is no finite number; mend it")
    if f"test_{key}" in found:
        if n_test is not None:
            raise UserError(f"{file}: n_test {n_test} given, but the file has its own test_frames; leave n_test out")
        train = ordered(len(frames), seed)
        test_frames, test_labels = _frames(file, arrays, "test_frames", steps), found[f"test_{key}"]
    else:
        train, test = held_back(f"{file}: frames", len(frames), n_test, seed)
        test_frames, test_labels = frames[test], found[key][test]
    for name, values, n in ((key, found[key], len(frames)), (f"test_{key}", test_labels, len(test_frames))):
        if values.shape != (n, n_out):
            raise UserError(f"{file}: {name} has shape {values.shape}; expected {n_out} outputs for each of the {n} samples")
    labels, ranges = found[key][train], None
    if real:
        ranges = fit(labels)
        labels, test_labels = encode(labels, ranges), encode(test_labels, ranges)
    return Dataset("npz", n_out, frames[train], labels, test_frames, test_labels,
                   f"arrays of {file}, {_said(seed)}", kind=kind, ranges=ranges)


def _check_names(file: Path, headers: Mapping[str, Header]) -> None:
    """Refuse arrays that nobody asked for and those that are missing, before anything is unpacked."""
    keys = VALUE_KEYS if {"targets", "test_targets"} & set(headers) else KEYS
    unknown = sorted(set(headers) - set(keys))
    if unknown:
        raise UserError(f"{file} has an array '{shown(unknown[0])}'; known are {', '.join(keys)}")
    needed = keys if {keys[2], keys[3]} & set(headers) else keys[:2]
    for key in needed:
        if key not in headers:
            raise UserError(f"{file} has no array '{key}'; expected {', '.join(needed)}")


def _frames(file: Path, arrays: dict[str, np.ndarray], key: str, steps: int) -> np.ndarray:
    frames = payloads(f"{file}: {key}", arrays[key])
    if frames.shape[1] not in (1, steps):
        raise UserError(f"{file}: {key} has {frames.shape[1]} frames a sample; expected 1 or the network's {steps} steps")
    return frames
