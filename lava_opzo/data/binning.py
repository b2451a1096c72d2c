"""Recordings of events to frames of payloads."""
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lava_opzo.data.dataset import Dataset, held_back
from lava_opzo.data.recordings import refuse_outside
from lava_opzo.errors import UserError, shown
from lava_opzo.files.memory import check_size
from lava_opzo.silicon.profile import PAYLOAD_MAX

Recording = tuple[Any, int]
"""What is read, a file or the number of an array, and its label."""

MAX_SLICES, MAX_SHIFT, MAX_STEPS, MAX_ECHOES = 64, 15, 1 << 16, 15

MAX_SIDE, MAX_TIME = 1 << 14, 1 << 53
"""Most pixels along a side of a sensor, and the latest time of an event."""


@dataclass(frozen=True)
class Encoding:
    """How a recording becomes (F, n_in) payloads of a window of K = `steps`.

    size: pixels of the sensor, (height, width), or one number where both are the same. downsample: pixels of a bin along each
    side. polarity: 1 keeps both apart, 0 adds them up. slices: 0 cuts the recording into K frames, one a step; S > 0 cuts it into
    S parts that lie side by side, each on lines of its own, in one frame for every step. echoes: how often every step is shown
    again, each time on lines of its own and some steps later (`delays`).
    shift: payload = min(events >> shift, 15). image: 1 puts what happens at one pixel, its polarities and slices or echoes, side
    by side, as a convolution needs it.
    Raises UserError, with the name of the data set, for a value out of range.
    """

    name: str
    size: int | tuple[int, int]
    steps: int
    downsample: int = 1
    polarity: int = 1
    slices: int = 0
    shift: int = 0
    image: int = 0
    echoes: int = 0

    def __post_init__(self) -> None:
        for side, pixels in zip(("height", "width"), self.sides, strict=True):
            if not _is_whole(pixels) or not 1 <= pixels <= MAX_SIDE:
                raise UserError(f"data set '{self.name}': {side} {shown(pixels)} of the sensor is no whole number in "
                                f"1..{MAX_SIDE}; give its pixels")
        limits = {"steps": (1, MAX_STEPS, "the steps K of a window"),
                  "downsample": (1, max(self.sides), "a whole factor"), "polarity": (0, 1, "1 to keep both or 0 to add them up"),
                  "image": (0, 1, "1 for an image of pixels with their channels last"),
                  "slices": (0, MAX_SLICES, "0 for a frame a step"), "shift": (0, MAX_SHIFT, "the bits that a count loses"),
                  "echoes": (0, MAX_ECHOES, "0 for none")}
        for option, (low, high, hint) in limits.items():
            if not _is_whole(getattr(self, option)) or not low <= getattr(self, option) <= high:
                raise UserError(f"data set '{self.name}': {option} {shown(getattr(self, option))} is outside {low}..{high}; give "
                                f"{hint}")
        if self.echoes and (self.slices or self.echoes >= self.steps):
            raise UserError(f"data set '{self.name}': echoes {self.echoes} repeat steps, fewer than the {self.steps} of a window "
                            f"and none of {self.slices} slices; give fewer, and slices 0")

    @property
    def sides(self) -> tuple[int, int]:
        """Height and width of the sensor in pixels."""
        return self.size if isinstance(self.size, tuple) else (self.size, self.size)

    @property
    def bins(self) -> tuple[int, int]:
        """Rows and columns of bins: ceil(pixels / downsample)."""
        height, width = self.sides
        return -(-height // self.downsample), -(-width // self.downsample)

    @property
    def shape(self) -> tuple[int, int]:
        """(F, n_in) of a recording."""
        lines = (1 + self.polarity) * math.prod(self.bins)
        return (1, self.slices * lines) if self.slices else (self.steps, (1 + self.echoes) * lines)

    @property
    def delays(self) -> tuple[int, ...]:
        """How many steps late every echo is."""
        return delays(self.steps, self.echoes)

    @property
    def pixels(self) -> tuple[int, int, int] | None:
        """Rows, columns and channels; None where channels do not come last."""
        channels = (1 + self.polarity) * max(1, self.slices, 1 + self.echoes)
        return (*self.bins, channels) if self.image or channels == 1 else None

    def counts(self, events: np.ndarray, owner: str = "events") -> np.ndarray:
        """Events in each bin, int64 (F, n_in), shifted.

        events: structured (n,), fields x, y, t, p. A recording is cut into equal times, first to last event:
        part = ((t - t_first) * parts) // (t_last - t_first + 1), parts = slices or K;
        line = ([p, if kept] * rows + y // downsample) * columns + x // downsample, rows = ceil(height / downsample), columns
        alike; as an image
        line = ((y // downsample) * columns + x // downsample) * channels + slice * (1 + polarity) + [p, if kept].
        The lines of echo e stand behind those of its step, as those of slice e do behind those of slice 0.

        Raises UserError that begins with `owner` and names the first event outside of the sensor, of another polarity than 0
        and 1, or of a time that is no whole number.
        """
        self._refuse(events, owner)
        parts, (rows_of_bins, columns) = self.slices or self.steps, self.bins
        x, y, t, p = (events[field].astype(np.int64) for field in ("x", "y", "t", "p"))
        part = ((t - t.min()) * parts) // (t.max() - t.min() + 1)
        line = (p * self.polarity * rows_of_bins + y // self.downsample) * columns + x // self.downsample
        rows, lines = self.shape
        heard = rows * lines // (1 + self.echoes)
        found = np.bincount(part * (heard // parts) + line, minlength=heard).reshape(rows, -1, rows_of_bins * columns)
        if self.echoes:
            found = np.concatenate((found, *[_later(found, delay) for delay in self.delays]), axis=1)
        return (found.transpose(0, 2, 1) if self.image else found).reshape(rows, lines) >> self.shift

    def _refuse(self, events: np.ndarray, owner: str) -> None:
        missing = [field for field in ("x", "y", "t", "p") if field not in (events.dtype.names or ())]
        if missing or events.ndim != 1 or not len(events):
            fault = f"no field {missing[0]}" if missing else f"shape {events.shape}"
            raise UserError(f"{owner}: {fault}; give at least one event with the fields x, y, t and p")
        fields = {field: events[field] for field in ("x", "y", "t", "p")}
        odd = next((field for field, values in fields.items() if values.dtype.kind not in "biuf" or values.ndim != 1), None)
        if odd is not None:
            raise UserError(f"{owner}: {odd} has type {fields[odd].dtype}; give numbers")
        height, width = self.sides
        refuse_outside(owner, fields, {"x": width - 1, "y": height - 1, "t": MAX_TIME, "p": 1},
                       f"the sensor has height {height} and width {width}, times are whole microseconds, polarities 0 and 1")


def delays(steps: int, echoes: int) -> tuple[int, ...]:
    """How many steps late each of some echoes is, in equal parts of a window: (e * K + (echoes + 1) // 2) // (echoes + 1)."""
    parts = echoes + 1
    return tuple((echo * steps + parts // 2) // parts for echo in range(1, parts))


def _later(frames: np.ndarray, delay: int) -> np.ndarray:
    """Frames that many steps later, nothing before; 0 < delay < their number."""
    return np.concatenate((np.zeros_like(frames[:delay]), frames[:-delay]))


def _is_whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def load_recordings(train: Sequence[Recording], test: Sequence[Recording] | None, read: Callable[[Any], np.ndarray],
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
        for i, (source, _) in enumerate(recordings):
            bins = encoding.counts(read(source), f"data set '{encoding.name}': recording {source}")
            clipped += np.count_nonzero(bins > PAYLOAD_MAX)
            filled += np.count_nonzero(bins)
            frames[i] = np.minimum(bins, PAYLOAD_MAX)
        return frames

    train_frames, test_frames = frames_of(train), frames_of(test)
    cut = f"{encoding.slices} slices" if encoding.slices else f"{encoding.steps} steps"
    if encoding.echoes:
        cut += f", again {' and '.join(map(str, encoding.delays))} steps later"
    return Dataset(encoding.name, n_classes, train_frames, _labels(train), test_frames, _labels(test),
                   f"{source}, {len(train)} training and {len(test)} test recordings in {cut}, downsample {encoding.downsample}, "
                   f"polarity {encoding.polarity}, payload min(events >> {encoding.shift}, {PAYLOAD_MAX}) "
                   f"({clipped} of {filled} bins clipped), order with seed {seed}", encoding.pixels)


def _labels(recordings: Sequence[Recording]) -> np.ndarray:
    return np.array([label for _, label in recordings], np.int64)
