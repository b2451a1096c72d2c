"""A user's own samples in one .npz file."""
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from lava_opzo.data.dataset import UNASKED_CLASSES, Dataset, class_numbers, held_back, payloads
from lava_opzo.data.files import user_path
from lava_opzo.errors import UserError, shown
from lava_opzo.files import zipped_arrays
from lava_opzo.files.npy import Header

KEYS = ("frames", "labels", "test_frames", "test_labels")


def load(path: str | Path | None = None, steps: int = 8, seed: int = 0, n_classes: int = 0, n_test: int | None = None) -> Dataset:
    """frames (n, F, n_in) whole numbers 0..15 with F = 1 or steps, labels (n,) from 0; test_frames and test_labels alike.

    Without test arrays a seeded permutation's last n_test samples (default: a fifth) are held back.
    Training samples come in seeded order. n_classes 0: largest label + 1, up to 1,024 classes.
    Raises UserError that names the file, the array and the first wrong value.
    """
    if path is None:
        raise UserError("data set 'npz' needs a path: an .npz file with the arrays frames and labels")
    file = user_path("npz", path)
    arrays = zipped_arrays.load("npz file", file, lambda headers: _check_names(file, headers))
    frames = _frames(file, arrays, "frames", steps)
    limit = n_classes or UNASKED_CLASSES
    labels = class_numbers(f"{file}: labels", arrays["labels"], len(frames), limit)
    if "test_frames" in arrays:
        if n_test is not None:
            raise UserError(f"{file}: n_test {n_test} given, but the file has its own test_frames; leave n_test out")
        train = np.random.default_rng(seed).permutation(len(frames))
        test_frames = _frames(file, arrays, "test_frames", steps)
        test_labels = class_numbers(f"{file}: test_labels", arrays["test_labels"], len(test_frames), limit)
    else:
        train, test = held_back(f"{file}: frames", len(frames), n_test, seed)
        test_frames, test_labels = frames[test], labels[test]
    largest = max(int(labels.max(initial=0)), int(test_labels.max(initial=0)))
    return Dataset("npz", n_classes or largest + 1, frames[train], labels[train], test_frames, test_labels,
                   f"arrays of {file}, training order with seed {seed}")


def _check_names(file: Path, headers: Mapping[str, Header]) -> None:
    """Refuse arrays that nobody asked for and those that are missing, before anything is unpacked."""
    unknown = sorted(set(headers) - set(KEYS))
    if unknown:
        raise UserError(f"{file} has an array '{shown(unknown[0])}'; known are {', '.join(KEYS)}")
    needed = KEYS if {"test_frames", "test_labels"} & set(headers) else KEYS[:2]
    for key in needed:
        if key not in headers:
            raise UserError(f"{file} has no array '{key}'; expected {', '.join(needed)}")


def _frames(file: Path, arrays: dict[str, np.ndarray], key: str, steps: int) -> np.ndarray:
    frames = payloads(f"{file}: {key}", arrays[key])
    if frames.shape[1] not in (1, steps):
        raise UserError(f"{file}: {key} has {frames.shape[1]} frames a sample; expected 1 or the network's {steps} steps")
    return frames
