"""Samples as a program hands them over: one or many, with or without the bias line, or one after the other without an end."""
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike

from lava_opzo.data.dataset import with_bias
from lava_opzo.engines.samples import as_array, check_frames, check_labels, taught
from lava_opzo.errors import UserError, shown
from lava_opzo.network.network import Network

Sample = tuple[np.ndarray, np.ndarray, int]
"""Samples as an engine takes them, (n, F, n_in) and (n,) or (n, K), and the lines that they had when they were handed over."""


def as_many(network: Network, frames: ArrayLike) -> tuple[np.ndarray, bool]:
    """(samples as an engine takes them, whether it was one alone). Raises UserError for what fits the network in no way.

    A bias line of 15 is appended where the samples have one line less than the network's input.

    Shapes:
        frames: (lines,) or (F, lines), one sample; (n, F, lines), many; F = 1 or K, lines = n_in or n_in - 1.
        Returns uint8 (n, F, n_in).
    """
    array, n_in = as_array("frames", frames), network.input.n
    one = array.ndim < 3
    if array.ndim == 0:
        raise UserError(f"frames: {shown(frames)} is one number; give the payloads of {n_in} lines, or of one less")
    if array.ndim == 2 and array.shape[0] not in (1, network.learning.steps):
        raise UserError(f"frames: shape {array.shape} is one sample of {array.shape[0]} frames, it has 1 or "
                        f"{network.learning.steps}; give many samples of one frame each as frames[:, None]")
    many = array[None, None] if array.ndim == 1 else array[None] if one else array
    if many.shape[-1] != n_in - 1:
        return check_frames(network, many), one
    lines = np.zeros((*many.shape[:-1], 1), many.dtype) if many.ndim == 3 else many
    return with_bias(check_frames(network, np.concatenate([many, lines], axis=-1))[..., :-1]), one


def labelled(network: Network, frames: ArrayLike, labels: ArrayLike) -> tuple[np.ndarray, np.ndarray, bool]:
    """`as_many` with one label a sample, a plain number for one sample: (frames, int32 labels, whether it was one).

    Where weights learn in every step a sample may have K labels, -1 for none; where neurons carry what they hold into the next
    sample, it has K in any case.
    """
    many, one = as_many(network, frames)
    given = [cast(int, labels)] if one else labels
    found = check_labels(network, given, len(many))
    return many, taught(network, found) if network.learning.carry else found, one


def checked(network: Network, samples: Iterable[Any]) -> Iterator[Sample]:
    """The samples of any iterable of (frames, label), one by one, all of as many frames as the first.

    Raises UserError that numbers the one that does not fit.
    """
    rows = several = None
    for number, sample in enumerate(samples):
        try:
            frames, label = sample
        except (TypeError, ValueError):
            raise UserError(f"sample {number}: {shown(sample)} is no pair; hand over (frames, label)") from None
        try:
            many, labels, one = labelled(network, frames, label)
        except UserError as error:
            raise UserError(f"sample {number}: {error}") from None
        rows, several = rows or many.shape[1], labels.ndim if several is None else several
        if labels.ndim != several:
            how = "step by step" if labels.ndim == 2 else "as a whole"
            raise UserError(f"sample {number}: is labelled {how}, and sample 0 is not; label all samples alike")
        if not one or many.shape[1] != rows:
            raise UserError(f"sample {number}: shape {np.shape(frames)} is not one sample of {rows} frame(s), as sample 0 has; "
                            "hand over one at a time, all with the same number of frames")
        yield many, labels, np.shape(frames)[-1]


def chunks(samples: Iterator[Sample], size: int) -> Iterator[Sample]:
    """Up to `size` samples together; where the source fails, what it gave before is handed on first."""
    failure: BaseException | None = None
    while failure is None:
        part: list[Sample] = []
        try:
            for sample in islice(samples, size):
                part.append(sample)
        except BaseException as error:  # an interrupt, too, must not cost what came before it
            failure = error
        if part:
            frames, labels, lines = zip(*part, strict=True)
            yield np.concatenate(frames), np.concatenate(labels), min(lines)
        if failure is None and len(part) < size:
            return
    raise failure
