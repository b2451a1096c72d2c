"""Samples without labels from a file of a user's own, for a network that is there already."""
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from lava_opzo.data.dataset import payloads, with_bias
from lava_opzo.data.files import user_path
from lava_opzo.errors import UserError, shown
from lava_opzo.files import rows, zipped_arrays
from lava_opzo.files.npy import Header
from lava_opzo.silicon.profile import PAYLOAD_MAX

OWNER = "samples"
ENDINGS = (".csv", ".npz")


def load(path: str | Path, n_in: int, steps: int, bias: bool, encoder: Callable[[Path], np.ndarray] | None = None) -> np.ndarray:
    """Payloads 0..15 for a network of n_in input lines; the bias line is appended here where `bias` says that it has one.

    A .csv has one sample a line, which is shown in every step: payloads, or what `encoder` reads, where the network learned a
    data set that has one (`lava_opzo.data.ENCODERS`). An .npz has the array `frames` (n, F, lines) alone, F = 1 or steps. Both
    have n_in lines, one less with a bias. Raises UserError for everything else, so that no label is taken for a line.

    Shapes:
        Returns uint8 (n, F, n_in).
    """
    file, lines = user_path(OWNER, path), n_in - bias
    if file.suffix == ".csv" and encoder:
        frames = encoder(file)
    elif file.suffix == ".csv":
        frames = rows.load(OWNER, file, lines, PAYLOAD_MAX)[:, None]
    elif file.suffix == ".npz":
        frames = _frames(file, lines, steps, bias)
    else:
        raise UserError(f"{OWNER} {file}: neither {' nor '.join(ENDINGS)}; give one sample a line of numbers, or an array frames")
    return with_bias(frames) if bias else frames


def _frames(file: Path, lines: int, steps: int, bias: bool) -> np.ndarray:
    frames = payloads(f"{file}: frames", zipped_arrays.load(OWNER, file, lambda headers: _check_names(file, headers))["frames"])
    if frames.shape[1] not in (1, steps) or frames.shape[2] != lines:
        without = ", the bias line left out" if bias else ""
        raise UserError(f"{file}: frames has shape {frames.shape}, (samples, 1 or {steps}, {lines}) is needed{without}; encode "
                        "the samples as those of the training were")
    return frames


def _check_names(file: Path, headers: Mapping[str, Header]) -> None:
    """Refuse all but frames, before anything is unpacked."""
    if set(headers) != {"frames"}:
        raise UserError(f"{file}: has the arrays {shown(', '.join(sorted(headers)) or 'none')}, one named frames is needed "
                        "alone; labelled samples are tested with lava-opzo evaluate")
