"""Predictions as a file of a user's own."""
from io import BytesIO
from pathlib import Path

import numpy as np

from lava_opzo.errors import UserError
from lava_opzo.files.new import refuse_existing, write_new

ENDINGS = (".csv", ".npz")


def check_place(path: Path) -> None:
    """Raise UserError, before anything is computed, for a name of another form or of a file that is there."""
    if path.suffix not in ENDINGS:
        raise UserError(f"{path}: predictions are written as {' or '.join(ENDINGS)}; choose a name that ends so")
    refuse_existing(path)


def text(predictions: np.ndarray) -> str:
    """A line of names, then the number of each sample from 0 and its class, or what every output says."""
    if predictions.ndim == 1:
        lines = [f"{sample},{prediction}" for sample, prediction in enumerate(predictions.tolist())]
        return "\n".join(["sample,prediction", *lines]) + "\n"
    lines = [",".join(map(str, [sample, *outputs])) for sample, outputs in enumerate(predictions.tolist())]
    return "\n".join([",".join(["sample", *(f"output{q}" for q in range(predictions.shape[1]))]), *lines]) + "\n"


def write(path: Path, predictions: np.ndarray) -> None:
    """Leave predictions as `text`, or as the array `predictions`. Raises UserError as `check_place`."""
    check_place(path)
    if path.suffix == ".csv":
        content = text(predictions).encode()
    else:
        np.savez(file := BytesIO(), predictions=predictions)
        content = file.getvalue()
    write_new(path, content)
