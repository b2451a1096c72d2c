"""CIFAR-10 (Krizhevsky 2009) in its official binary version: 32 x 32 x 3, 10 classes; no pickle is ever read."""
from pathlib import Path

import numpy as np

from lava_opzo.data.dataset import Dataset
from lava_opzo.data.files import is_folder, user_path
from lava_opzo.data.pixels import MOST_BITS, check_encoding, encoded
from lava_opzo.errors import UserError
from lava_opzo.files.reading import read_bytes

SIDE, CHANNELS, CLASSES = 32, 3, 10
RECORD = 1 + CHANNELS * SIDE * SIDE
"""Bytes of a record: the label, then the red, the green and the blue plane, each row by row."""

MOST_BYTES = 1 << 30
TRAINING = tuple(f"data_batch_{number}.bin" for number in range(1, 6))
TEST = "test_batch.bin"
SOURCE = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz (md5 c32a1d4ab5d03f1284b67883e8d87530)"


def load(path: str | Path | None = None, steps: int = 8, seed: int = 0, onoff: int = 0, contrast: int = 0,
         bits: int = MOST_BITS) -> Dataset:
    """CIFAR-10 from the folder with its batches, or the folder around `cifar-10-batches-bin`; training images in seeded order.

    Those of the training batches that are there are read. onoff: 0 for payload = pixel >> (8 - bits) on three channels; from 1 on
    six, above and below the mean of the training images (`lava_opzo.data.pixels`). contrast: 1 for six, above and below what
    surrounds a pixel (`lava_opzo.data.contrast`).
    Raises UserError that names a missing or damaged file.
    """
    if path is None:
        raise UserError(f"data set 'cifar10' needs a path: the folder with {TRAINING[0]} .. {TEST}; to download it: {SOURCE}")
    check_encoding("cifar10", onoff, contrast, bits)
    given = user_path("cifar10", path)
    folder = next((inner for inner in (given / "cifar-10-batches-bin",) if is_folder(inner)), given)
    if not is_folder(folder):
        raise UserError(f"data set 'cifar10': {folder} is not a folder; expected one with {TRAINING[0]} .. {TEST}, unpacked from "
                        f"{SOURCE}")
    files = [folder / name for name in TRAINING if (folder / name).exists()]
    if not files:
        raise UserError(f"data set 'cifar10': {folder} has no file {TRAINING[0]} .. {TRAINING[-1]}; fetch {SOURCE}")
    read = [_read(file) for file in files]
    images, labels = (np.concatenate(parts) for parts in zip(*read, strict=True))
    test_images, test_labels = _read(folder / TEST)
    order = np.random.default_rng(seed).permutation(len(labels))
    payloads, said = encoded(images, test_images, onoff, contrast, bits)
    train, test = (one.reshape(len(one), 1, -1) for one in payloads)
    return Dataset("cifar10", CLASSES, train[order], labels[order], test, test_labels,
                   f"CIFAR-10 from {folder}, {len(labels)} training images, payload {said}, training order with seed {seed}",
                   payloads[0].shape[1:])


def _read(file: Path) -> tuple[np.ndarray, np.ndarray]:
    """(images uint8 (n, 32, 32, 3), labels int64 (n,)) of a batch. Raises UserError for what is none."""
    content = np.frombuffer(read_bytes("CIFAR-10 batch", file, MOST_BYTES), np.uint8)
    if not content.size or content.size % RECORD:
        raise UserError(f"{file} is damaged: {content.size} bytes is not a whole number of {RECORD}-byte records; fetch it again")
    records = content.reshape(-1, RECORD)
    labels = records[:, 0].astype(np.int64)
    if labels.max() >= CLASSES:
        wrong = int(np.argmax(labels >= CLASSES))
        raise UserError(f"{file} is damaged: record {wrong} has label {labels[wrong]}, above {CLASSES - 1}; fetch it again")
    images = records[:, 1:].reshape(-1, CHANNELS, SIDE, SIDE).transpose(0, 2, 3, 1)
    return np.ascontiguousarray(images), labels
