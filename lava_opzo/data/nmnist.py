"""N-MNIST (Orchard et al. 2015): recordings of MNIST digits by an event camera, 34 x 34 x 2."""
from pathlib import Path

import numpy as np

from lava_opzo.data.binning import Encoding, Recording, load_recordings
from lava_opzo.data.dataset import Dataset
from lava_opzo.data.files import is_folder, user_path, visible
from lava_opzo.data.recordings import MOST_BYTES, checked
from lava_opzo.errors import UserError
from lava_opzo.files.reading import read_bytes

SIZE = 34
EVENT_BYTES = 5
OVERFLOW_Y = 240
"""An event with this y is a clock overflow, not a pixel: all that follow are `OVERFLOW_TIME` later."""

OVERFLOW_TIME = 1 << 13
"""Microseconds of a clock overflow (as tonic.io.read_mnist_file counts them)."""

LIMITS = {"x": SIZE - 1, "y": SIZE - 1, "t": 1 << 40, "p": 1}

LAYOUT = "Train/0..9/*.bin (60,000 recordings; Test/0..9/*.bin: 10,000)"
DOWNLOAD = ("to download it: python -c \"import tonic; [tonic.datasets.NMNIST('FOLDER', train=t) for t in (True, False)]\" "
            "(train.zip has md5 20959b8e626244a1b502305a9e6e2031, test.zip 69ca8762b2fe404d9b9bad1103e97832)")


def load(path: str | Path | None = None, steps: int = 8, seed: int = 0, downsample: int = 1, polarity: int = 1, slices: int = 0,
         shift: int = 0, image: int = 0, echoes: int = 0, n_test: int | None = None) -> Dataset:
    """N-MNIST from its original folders, or from the folder that tonic downloaded to, binned as `binning.Encoding` says.

    2,312 lines at downsample 1 with both polarities. Without a Test folder n_test recordings are held back.
    Raises UserError that names the missing or damaged file or folder.
    """
    if path is None:
        raise UserError(f"data set 'nmnist' needs a path: the folder with {LAYOUT}; {DOWNLOAD}")
    encoding = Encoding("nmnist", SIZE, steps, downsample, polarity, slices, shift, image, echoes)
    given = user_path("nmnist", path)
    root = next((folder for folder in (given, given / "NMNIST") if is_folder(folder / "Train")), None)
    if root is None:
        raise UserError(f"data set 'nmnist': {given} has no folder Train; expected {LAYOUT}, unpacked; {DOWNLOAD}")
    test = _recordings(root / "Test") if is_folder(root / "Test") else None
    return load_recordings(_recordings(root / "Train"), test, _read, encoding, 10, seed, n_test, f"N-MNIST from {root}")


def _recordings(folder: Path) -> list[Recording]:
    classes = {entry.name: entry for entry in visible(folder)}
    for name in classes.keys() ^ set("0123456789"):
        fault = "is not a class" if name in classes else "is missing"
        raise UserError(f"{folder / name} {fault}; expected the ten folders 0..9 in {folder}")
    recordings = []
    for label in range(10):
        files = visible(classes[str(label)]) if is_folder(classes[str(label)]) else []
        if not files:
            raise UserError(f"{folder / str(label)} holds no recordings; expected .bin files")
        for file in files:
            if file.suffix != ".bin":
                raise UserError(f"{file} is not a .bin recording; move it out of the data set")
            recordings.append((file, label))
    return recordings


def _read(file: Path) -> np.ndarray:
    """The events of a .bin file: 5 bytes each, x, y, then polarity (1 bit) and time in us (23 bits).

    A clock overflow is no event; however many there are, they cost one sum over the file.
    """
    content = np.frombuffer(read_bytes("recording", file, MOST_BYTES), np.uint8)
    if not content.size or content.size % EVENT_BYTES:
        raise UserError(f"{file} is damaged: {content.size} bytes is not a whole number of 5-byte events; fetch it again")
    fields = decoded(content)
    overflow = fields["y"] == OVERFLOW_Y
    if overflow.all():
        raise UserError(f"{file} is damaged: it holds no events but clock overflows; fetch it again")
    fields["t"] += OVERFLOW_TIME * np.cumsum(overflow)
    return checked(file, {axis: values[~overflow] for axis, values in fields.items()}, LIMITS)


def decoded(content: np.ndarray) -> dict[str, np.ndarray]:
    """x, y, t and p of events of 5 bytes, int64; a clock overflow is one of them.

    Shapes:
        content: uint8 (5 * events,).
    """
    x, y, high, middle, low = content.reshape(-1, EVENT_BYTES).T.astype(np.int64)
    return {"x": x, "y": y, "t": (high & 127) << 16 | middle << 8 | low, "p": high >> 7}
