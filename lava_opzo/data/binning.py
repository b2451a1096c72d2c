"""Recordings of events to frames of payloads."""
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from lava_opzo.config import PAYLOAD_MAX
from lava_opzo.data.dataset import Dataset, held_back
from lava_opzo.errors import UserError

Recording = tuple[Path, int]
"""A file and its label."""


def counts(events: np.ndarray, size: int, steps: int, downsample: int = 1) -> np.ndarray:
    """Events in each bin, int64 (steps, n_in), n_in = 2 * side^2, side = ceil(size / downsample).

    events: structured (n,), fields x, y 0..size-1, t, p 0 or 1. Each recording is cut into equal times, first to last event:
    step = ((t - t_first) * steps) // (t_last - t_first + 1); line = (p * side + y // downsample) * side + x // downsample.
    """
    side = -(-size // downsample)
    x, y, t, p = (events[field].astype(np.int64) for field in ("x", "y", "t", "p"))
    step = ((t - t.min()) * steps) // (t.max() - t.min() + 1)
    line = (p * side + y // downsample) * side + x // downsample
    n_in = 2 * side * side
    return np.bincount(step * n_in + line, minlength=steps * n_in).reshape(steps, n_in)


def load_recordings(name: str, train: Sequence[Recording], test: Sequence[Recording] | None,
                    read: Callable[[Path], np.ndarray], size: int, n_classes: int, steps: int, seed: int,
                    downsample: int, n_test: int | None, source: str) -> Dataset:
    """Every recording through `read` and `counts`, payload = min(count, 15); the training part in seeded order.

    Without a test part the seeded order's last n_test recordings (None: a fifth) are held back.
    """
    if not 1 <= downsample <= size:
        raise UserError(f"data set '{name}': downsample {downsample} is outside 1..{size}; give a whole factor")
    if test is not None and n_test is not None:
        raise UserError(f"data set '{name}': n_test {n_test} given, but there are test recordings; leave n_test out")
    first, second = held_back(f"data set '{name}'", len(train), 0 if test is not None else n_test, seed)
    test = [train[i] for i in second] if test is None else test
    train = [train[i] for i in first]
    clipped = filled = 0
    parts = []
    for recordings in (train, test):
        frames = np.empty((len(recordings), steps, 2 * (-(-size // downsample)) ** 2), np.uint8)
        for i, (file, _) in enumerate(recordings):
            bins = counts(read(file), size, steps, downsample)
            clipped += np.count_nonzero(bins > PAYLOAD_MAX)
            filled += np.count_nonzero(bins)
            frames[i] = np.minimum(bins, PAYLOAD_MAX)
        parts += [frames, np.array([label for _, label in recordings], np.int64)]
    return Dataset(name, n_classes, *parts,
                   f"{source}, {len(train)} training and {len(test)} test recordings in {steps} steps, downsample {downsample}, "
                   f"payload min(events, {PAYLOAD_MAX}) ({clipped} of {filled} bins clipped), order with seed {seed}")

