"""Predictions as a file of a user's own."""
import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
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


def text(predictions: np.ndarray, names: Sequence[str] = ()) -> str:
    """A line of names, then the number of each sample from 0 and its class, or what every output says.

    names: of the classes, where they have any, which are written instead of their numbers.
    """
    if predictions.ndim == 1:
        head, rows = ["prediction"], [[names[one] if names else one] for one in predictions.tolist()]
    else:
        head, rows = [f"output{q}" for q in range(predictions.shape[1])], predictions.tolist()
    lines = csv.writer(file := StringIO(), lineterminator="\n")
    lines.writerows([["sample", *head], *([sample, *row] for sample, row in enumerate(rows))])
    return file.getvalue()


def write(path: Path, predictions: np.ndarray, names: Sequence[str] = ()) -> None:
    """Leave predictions as `text`, or as the array `predictions`, with the names in `names` if any. Raises as `check_place`."""
    check_place(path)
    if path.suffix == ".csv":
        content = text(predictions, names).encode()
    else:
        np.savez(file := BytesIO(), predictions=predictions, **({"names": np.array(names)} if names else {}))
        content = file.getvalue()
    write_new(path, content)
