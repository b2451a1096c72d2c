"""A user's own samples in one .npz file."""
import zipfile
import zlib
from pathlib import Path

import numpy as np

from lava_opzo.data.dataset import Dataset, class_numbers, held_back, payloads
from lava_opzo.errors import UserError

KEYS = ("frames", "labels", "test_frames", "test_labels")


def load(path: str | Path | None = None, steps: int = 8, seed: int = 0, n_classes: int = 0, n_test: int | None = None) -> Dataset:
    """frames (n, F, n_in) whole numbers 0..15 with F = 1 or steps, labels (n,) from 0; test_frames and test_labels alike.

    Without test arrays a seeded permutation's last n_test samples (default: a fifth) are held back.
    Training samples come in seeded order. n_classes 0: largest label + 1.
    Raises UserError that names the file, the array and the first wrong value.
    """
    if path is None:
        raise UserError("data set 'npz' needs a path: an .npz file with the arrays frames and labels")
    file = Path(path).expanduser()
    arrays = _read(file)
    frames = _frames(file, arrays, "frames", steps)
    limit = n_classes or 1 << 31
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


def _read(file: Path) -> dict[str, np.ndarray]:
    try:
        archive = np.load(file, allow_pickle=False)
        arrays = {key: archive[key] for key in archive.files}
    except AttributeError:
        raise UserError(f"{file} is a single array; expected an .npz file with the arrays frames and labels") from None
    except (OSError, EOFError, ValueError, KeyError, zlib.error, zipfile.BadZipFile) as error:
        reason = " ".join(str(error).split())
        raise UserError(f"{file} cannot be read ({reason}); expected an .npz file with the arrays frames and labels") from None
    unknown = sorted(set(arrays) - set(KEYS))
    if unknown:
        raise UserError(f"{file} has an array '{unknown[0]}'; known are {', '.join(KEYS)}")
    needed = KEYS if {"test_frames", "test_labels"} & set(arrays) else KEYS[:2]
    for key in needed:
        if key not in arrays:
            raise UserError(f"{file} has no array '{key}'; expected {', '.join(needed)}")
    return arrays


def _frames(file: Path, arrays: dict[str, np.ndarray], key: str, steps: int) -> np.ndarray:
    frames = payloads(f"{file}: {key}", arrays[key])
    if frames.shape[1] not in (1, steps):
        raise UserError(f"{file}: {key} has {frames.shape[1]} frames a sample; expected 1 or the network's {steps} steps")
    return frames
