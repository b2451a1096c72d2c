"""DVS128 Gesture (Amir et al., CVPR 2017) as tonic puts it on the disk: 128 x 128 x 2, 11 gestures."""
import re
from pathlib import Path

import numpy as np

from lava_opzo.data.binning import Encoding, Recording, load_recordings
from lava_opzo.data.dataset import Dataset
from lava_opzo.data.files import is_folder, user_path, visible
from lava_opzo.data.recordings import MOST_BYTES, checked
from lava_opzo.errors import UserError
from lava_opzo.files import npy

SIZE = 128
N_CLASSES = 11
COLUMNS = ("x", "y", "p", "t")
LIMITS = {"x": SIZE - 1, "y": SIZE - 1, "p": 1, "t": 1 << 40}
"""Largest value of each column; t in ms."""

LAYOUT = "ibmGestureTrain/userNN_LIGHTING/0..10.npy (and ibmGestureTest alike)"
DOWNLOAD = ("to download it: python -c \"import tonic; [tonic.datasets.DVSGesture('FOLDER', train=t) for t in (True, False)]\" "
            "(ibmGestureTrain.tar.gz has md5 3a8f0d4120a166bac7591f77409cb105, "
            "ibmGestureTest.tar.gz 56070e45dadaa85fff82e0fbfbc06de5)")


def load(path: str | Path | None = None, steps: int = 8, seed: int = 0, downsample: int = 1, polarity: int = 1, slices: int = 0,
         shift: int = 0, image: int = 0, echoes: int = 0, n_test: int | None = None) -> Dataset:
    """DVS-Gesture from the folder that tonic downloaded to, binned as `binning.Encoding` says.

    32,768 lines at downsample 1 with both polarities. Without ibmGestureTest n_test recordings are held back. A file is an array
    (n, 4) of x, y, p, t in ms (tonic.datasets.DVSGesture).
    Raises UserError that names the missing or damaged file.
    """
    if path is None:
        raise UserError(f"data set 'dvs_gesture' needs a path: the folder with {LAYOUT}; {DOWNLOAD}")
    encoding = Encoding("dvs_gesture", SIZE, steps, downsample, polarity, slices, shift, image, echoes)
    given = user_path("dvs_gesture", path)
    root = next((folder for folder in (given, given / "DVSGesture") if is_folder(folder / "ibmGestureTrain")), None)
    if root is None:
        raise UserError(f"data set 'dvs_gesture': {given} has no folder ibmGestureTrain; expected {LAYOUT}, unpacked; {DOWNLOAD}")
    test = _recordings(root / "ibmGestureTest") if is_folder(root / "ibmGestureTest") else None
    return load_recordings(_recordings(root / "ibmGestureTrain"), test, _read, encoding, N_CLASSES, seed, n_test,
                           f"DVS-Gesture from {root}")


def _recordings(folder: Path) -> list[Recording]:
    recordings = []
    for user in visible(folder):
        files = visible(user) if is_folder(user) and re.fullmatch(r"user\d+_\w+", user.name) else []
        if not files:
            raise UserError(f"{user} is not a folder of recordings; expected userNN_LIGHTING with files 0.npy to 10.npy")
        for file in files:
            if not re.fullmatch(r"([0-9]|10)\.npy", file.name):
                raise UserError(f"{file} is not a recording; expected the gesture's number, 0.npy to 10.npy")
            recordings.append((file, int(file.stem)))
    if not recordings:
        raise UserError(f"{folder} is empty; expected {LAYOUT}")
    return recordings


def _read(file: Path) -> np.ndarray:
    """The events with t in us, as tonic.datasets.DVSGesture gives them."""
    columns = npy.load("recording", file, MOST_BYTES)
    if columns.ndim != 2 or columns.shape[1] != len(COLUMNS) or not len(columns) or columns.dtype.kind == "b":
        raise UserError(f"{file} is damaged: it holds {columns.shape} of type {columns.dtype}; expected numbers (events, 4), at "
                        "least one event")
    events = checked(file, {axis: columns[:, number] for number, axis in enumerate(COLUMNS)}, LIMITS)
    events["t"] *= 1000
    return events
