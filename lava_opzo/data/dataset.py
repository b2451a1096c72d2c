"""A data set in memory: integer payloads with classes, labels or values, checked when it is made."""
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import ArrayLike

from lava_opzo.data.values import Ranges
from lava_opzo.errors import UserError, shown
from lava_opzo.files.memory import check_size
from lava_opzo.silicon.profile import PAYLOAD_MAX, TRACE_MAX
from lava_opzo.silicon.readouts import CLASSES, LABELS, READOUTS
from lava_opzo.topology.dense import MAX_NEURONS

UNASKED_CLASSES = 1 << 10
"""Most classes where the labels alone say how many there are: each is a neuron of the readout, a wrong label would cost much."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples as payloads 0..15 (4 bits). The test part may be empty, the training part may not.

    provenance: where the samples come from and how they were encoded. shape: rows, columns and channels of an image whose pixels
    the lines are, (row * columns + column) * channels + channel, with a bias line after them or not; None where there is none.
    kind: what a sample teaches: its class; `labels`, each of which it has or not; or `values`. n_classes: how many of these there
    are. ranges: of values the real numbers that they stand for (`lava_opzo.data.values`), None where they are whole numbers.
    names: of the classes, where they are words; empty where they are numbers.

    Raises UserError that names the array and the first wrong value.

    Shapes:
        train_frames, test_frames: uint8 (n, F, n_in), F = 1 (the same payload in every step) or F = K.
        train_labels, test_labels: int64 (n,), 0..n_classes-1; (n, n_classes) 0 and 1, or -127..127.
    """

    name: str
    n_classes: int
    train_frames: np.ndarray
    train_labels: np.ndarray
    test_frames: np.ndarray
    test_labels: np.ndarray
    provenance: str
    shape: tuple[int, ...] | None = None
    kind: str = CLASSES
    ranges: Ranges | None = None
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.n_classes, (int, np.integer)) or isinstance(self.n_classes, bool):
            raise UserError(f"data set '{self.name}': n_classes {shown(self.n_classes)} is not a whole number; count the classes")
        object.__setattr__(self, "n_classes", int(self.n_classes))
        if self.kind not in READOUTS:
            raise UserError(f"data set '{self.name}': kind {shown(self.kind)} is not one of {', '.join(READOUTS)}; choose one of "
                            "them")
        if self.n_classes < 1:
            raise UserError(f"data set '{self.name}': n_classes {self.n_classes} is below 1; there is nothing to learn")
        if self.n_classes < 2 and self.kind == CLASSES:
            raise UserError(f"data set '{self.name}': n_classes {self.n_classes} is below 2; there is nothing to tell apart")
        if self.n_classes > MAX_NEURONS:
            raise UserError(f"data set '{self.name}': n_classes {self.n_classes} is above {MAX_NEURONS}, the most neurons of a "
                            "readout; number the classes from 0")
        for part in ("train", "test"):
            owner = f"data set '{self.name}': {part}"
            frames = payloads(f"{owner}_frames", getattr(self, f"{part}_frames"))
            labels = taught(f"{owner}_labels", getattr(self, f"{part}_labels"), len(frames), self.n_classes, self.kind)
            object.__setattr__(self, f"{part}_frames", frames)
            object.__setattr__(self, f"{part}_labels", labels)
        if not len(self.train_frames):
            raise UserError(f"data set '{self.name}': train_frames is empty; give at least one sample")
        if self.train_frames.shape[1:] != self.test_frames.shape[1:]:
            raise UserError(f"data set '{self.name}': test_frames {self.test_frames.shape} and train_frames "
                            f"{self.train_frames.shape} differ beyond the number of samples; give both the same (F, n_in)")
        self._check_image()

    def named(self, label: int) -> str:
        """What a class is called: its word, or its number where it has none."""
        return self.names[label] if label < len(self.names) else str(label)

    def _check_image(self) -> None:
        if self.shape is None:
            return
        lines = self.train_frames.shape[2]
        if len(self.shape) != 3 or lines - prod(self.shape) not in (0, 1):
            raise UserError(f"data set '{self.name}': shape {shown(self.shape)} is no image of (rows, columns, channels) on its "
                            f"{lines} lines; give none, or the right one")
        object.__setattr__(self, "shape", tuple(map(int, self.shape)))


Loader = Callable[..., Dataset]
"""load(path, steps=8, seed=0, **options) -> a data set without the bias line; options are whole numbers."""


def payloads(owner: str, values: ArrayLike) -> np.ndarray:
    """`values` (n, F, n_in), whole numbers 0..15 of any type, as uint8. Raises UserError that starts with `owner`."""
    values = as_array(owner, values)
    if values.ndim != 3 or 0 in values.shape[1:]:
        raise UserError(f"{owner} has shape {values.shape}; expected (samples, frames, input lines)")
    return _whole(owner, values, PAYLOAD_MAX, "encode to 4 bits").astype(np.uint8, copy=False)


def class_numbers(owner: str, values: ArrayLike, n: int, n_classes: int) -> np.ndarray:
    """`values` (n,), whole numbers 0..n_classes-1, as int64. Raises UserError that starts with `owner`."""
    values = as_array(owner, values)
    if values.shape != (n,):
        raise UserError(f"{owner} has shape {values.shape}; expected one label for each of the {n} samples, ({n},)")
    return _whole(owner, values, n_classes - 1, "number the classes from 0").astype(np.int64, copy=False)


def taught(owner: str, values: ArrayLike, n: int, n_classes: int, kind: str) -> np.ndarray:
    """What n samples teach, as int64: `class_numbers`, or (n, n_classes) labels 0 and 1 or values -127..127.

    Raises UserError that starts with `owner`.
    """
    if kind == CLASSES:
        return class_numbers(owner, values, n, n_classes)
    values = as_array(owner, values)
    if values.shape != (n, n_classes):
        raise UserError(f"{owner} has shape {values.shape}; expected {n_classes} {kind} for each of the {n} samples, "
                        f"({n}, {n_classes})")
    low, high, hint = (0, 1, "give 1 for a label that the sample has") if kind == LABELS else (
        -TRACE_MAX, TRACE_MAX, "scale the values (lava_opzo.data.values)")
    return _whole(owner, values, high, hint, low).astype(np.int64, copy=False)


def as_array(owner: str, values: ArrayLike, hint: str = "give an array of numbers") -> np.ndarray:
    """`values` as an array. Raises UserError that starts with `owner` for what is none, as rows of different lengths."""
    try:
        return np.asarray(values)
    except (ValueError, TypeError, OverflowError) as error:
        raise UserError(f"{owner} is no array: {shown(' '.join(str(error).split()))}; {hint}") from None


def _whole(owner: str, values: np.ndarray, high: int, hint: str, low: int = 0) -> np.ndarray:
    if values.dtype.kind not in "biuf":
        raise UserError(f"{owner} has type {values.dtype}; expected whole numbers {low}..{high}")
    if values.dtype.kind == "f":
        _refuse_first(owner, values, ~np.isfinite(values) | (values != np.trunc(values)), "is not a whole number", hint)
    if values.size and not (values.min() >= low and values.max() <= high):
        _refuse_first(owner, values, (values < low) | (values > high), f"is outside {low}..{high}", hint)
    return values


def _refuse_first(owner: str, values: np.ndarray, wrong: np.ndarray, what: str, hint: str) -> None:
    if wrong.any():
        index = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise UserError(f"{owner}[{', '.join(map(str, index))}] = {values[index]} {what}; {hint}")


def with_bias(frames: np.ndarray) -> np.ndarray:
    """(n, F, n_in) -> (n, F, n_in + 1): appends an input line that carries 15 in every step."""
    n, rows, lines = frames.shape
    check_size("samples with a bias line", n * rows * (lines + 1))
    extended = np.empty((n, rows, lines + 1), np.uint8)
    extended[:, :, :lines] = frames
    extended[:, :, lines] = PAYLOAD_MAX
    return extended


def ordered(n: int, seed: int | None) -> np.ndarray:
    """The order of n samples: a seeded permutation, or their own where there is no seed."""
    return np.arange(n) if seed is None else np.random.default_rng(seed).permutation(n)


def held_back(owner: str, n: int, n_test: int | None, seed: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Indices (training, test): a seeded permutation of n samples whose last n_test (None: a fifth) are held back.

    seed: None for samples that keep their order. Raises UserError when no sample is left to train on.
    """
    if not n:
        raise UserError(f"{owner} is empty; give at least one sample")
    n_test = n // 5 if n_test is None else n_test
    if not 0 <= n_test < n:
        raise UserError(f"{owner}: n_test {n_test} is outside 0..{n - 1}, as it has {n} samples")
    order = ordered(n, seed)
    return order[:n - n_test], order[n - n_test:]


def from_samples(name: str, samples: Iterable[tuple[np.ndarray, int]], n_classes: int, n_test: int | None = None,
                 seed: int = 0, provenance: str = "samples of the caller") -> Dataset:
    """A data set from any iterable of (payloads (F, n_in) whole numbers 0..15, label); F and n_in are those of the first.

    The order is shuffled with seed; the last n_test samples (default: a fifth) are held back for the test.
    Raises UserError that names the first sample that does not fit.
    """
    frames, labels = [], []
    for i, (frame, label) in enumerate(samples):
        owner = f"data set '{name}': sample {i}"
        frame = payloads(owner, as_array(owner, frame)[None])[0]
        if frames and frame.shape != frames[0].shape:
            raise UserError(f"data set '{name}': sample {i} has shape {frame.shape}, sample 0 has {frames[0].shape}; "
                            "give all the same")
        frames.append(frame)
        labels.append(label)
    train, test = held_back(f"data set '{name}'", len(frames), n_test, seed)
    frames, labels = np.stack(frames), class_numbers(f"data set '{name}': labels", labels, len(frames), n_classes)
    return Dataset(name, n_classes, frames[train], labels[train], frames[test], labels[test], provenance)
