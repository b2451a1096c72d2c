"""Recordings of events to frames of payloads."""
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lava_opzo.data.dataset import Dataset, held_back
from lava_opzo.errors import UserError
from lava_opzo.files.memory import check_size
from lava_opzo.silicon.profile import PAYLOAD_MAX

Recording = tuple[Path, int]
"""A file and its label."""

MAX_SLICES, MAX_SHIFT = 64, 15


@dataclass(frozen=True)
class Encoding:
    """How a recording from a sensor of size x size pixels becomes (F, n_in) payloads of a window of K = `steps`.

    downsample: pixels of a bin along each side. polarity: 1 keeps both apart, 0 adds them up. slices: 0 cuts the recording into K
    frames, one a step; S > 0 cuts it into S parts that lie side by side, each on lines of its own, in one frame for every step.
    shift: payload = min(events >> shift, 15). image: 1 puts what happens at one pixel, its polarities and slices, side by side,
    as a convolution needs it.
    Raises UserError, with the name of the data set, for a value out of range.
    """

    name: str
    size: int
    steps: int
    downsample: int = 1
    polarity: int = 1
    slices: int = 0
    shift: int = 0
    image: int = 0

    def __post_init__(self) -> None:
        limits = {"downsample": (1, self.size, "a whole factor"), "polarity": (0, 1, "1 to keep both or 0 to add them up"),
                  "image": (0, 1, "1 for an image of pixels with their channels last"),
                  "slices": (0, MAX_SLICES, "0 for a frame a step"), "shift": (0, MAX_SHIFT, "the bits that a count loses")}
        for option, (low, high, hint) in limits.items():
            if not low <= getattr(self, option) <= high:
                raise UserError(f"data set '{self.name}': {option} {getattr(self, option)} is outside {low}..{high}; give {hint}")

    @property
    def shape(self) -> tuple[int, int]:
        """(F, n_in) of a recording."""
        lines = (1 + self.polarity) * (-(-self.size // self.downsample)) ** 2
        return (1, self.slices * lines) if self.slices else (self.steps, lines)

    @property
    def pixels(self) -> tuple[int, int, int] | None:
        """Rows, columns and channels; None where channels do not come last."""
        side, channels = -(-self.size // self.downsample), (1 + self.polarity) * max(1, self.slices)
        return (side, side, channels) if self.image or channels == 1 else None

    def counts(self, events: np.ndarray) -> np.ndarray:
        """Events in each bin, int64 (F, n_in), shifted.

        events: structured (n,), fields x, y 0..size-1, t, p 0 or 1. A recording is cut into equal times, first to last event:
        part = ((t - t_first) * parts) // (t_last - t_first + 1), parts = slices or K;
        line = ([p, if kept] * side + y // downsample) * side + x // downsample, side = ceil(size / downsample); as an image
        line = ((y // downsample) * side + x // downsample) * channels + slice * (1 + polarity) + [p, if kept].
        """
        parts, side = self.slices or self.steps, -(-self.size // self.downsample)
        x, y, t, p = (events[field].astype(np.int64) for field in ("x", "y", "t", "p"))
        part = ((t - t.min()) * parts) // (t.max() - t.min() + 1)
        line = (p * self.polarity * side + y // self.downsample) * side + x // self.downsample
        rows, lines = self.shape
        found = np.bincount(part * (rows * lines // parts) + line, minlength=rows * lines).reshape(rows, -1, side * side)
        return (found.transpose(0, 2, 1) if self.image else found).reshape(rows, lines) >> self.shift


def load_recordings(train: Sequence[Recording], test: Sequence[Recording] | None, read: Callable[[Path], np.ndarray],
                    encoding: Encoding, n_classes: int, seed: int, n_test: int | None, source: str) -> Dataset:
    """Every recording through `read` and `encoding`, payload = min(count, 15); the training part in seeded order.

    Without a test part the seeded order's last n_test recordings (None: a fifth) are held back.
    """
    if test is not None and n_test is not None:
        raise UserError(f"data set '{encoding.name}': n_test {n_test} given, but there are test recordings; leave n_test out")
    first, second = held_back(f"data set '{encoding.name}'", len(train), 0 if test is not None else n_test, seed)
    test = [train[i] for i in second] if test is None else test
    train = [train[i] for i in first]
    clipped = filled = 0

    def frames_of(recordings: Sequence[Recording]) -> np.ndarray:
        nonlocal clipped, filled
        check_size(f"data set '{encoding.name}'", len(recordings) * math.prod(encoding.shape))
        frames = np.empty((len(recordings), *encoding.shape), np.uint8)
        for i, (file, _) in enumerate(recordings):
            bins = encoding.counts(read(file))
            clipped += np.count_nonzero(bins > PAYLOAD_MAX)
            filled += np.count_nonzero(bins)
            frames[i] = np.minimum(bins, PAYLOAD_MAX)
        return frames

    train_frames, test_frames = frames_of(train), frames_of(test)
    cut = f"{encoding.slices} slices" if encoding.slices else f"{encoding.steps} steps"
    return Dataset(encoding.name, n_classes, train_frames, _labels(train), test_frames, _labels(test),
                   f"{source}, {len(train)} training and {len(test)} test recordings in {cut}, downsample {encoding.downsample}, "
                   f"polarity {encoding.polarity}, payload min(events >> {encoding.shift}, {PAYLOAD_MAX}) "
                   f"({clipped} of {filled} bins clipped), order with seed {seed}", encoding.pixels)


def _labels(recordings: Sequence[Recording]) -> np.ndarray:
    return np.array([label for _, label in recordings], np.int64)
