"""Events of one's own, from arrays in memory and a sensor of any size, as a data set."""
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lava_opzo.data.binning import Encoding, load_recordings
from lava_opzo.data.dataset import UNASKED_CLASSES, Dataset, as_array, class_numbers
from lava_opzo.data.recordings import EVENT
from lava_opzo.errors import UserError, shown

AXES = tuple(axis for axis, _ in EVENT)


def from_events(recordings: Iterable[Any], labels: ArrayLike, height: int, width: int, *, name: str = "events", steps: int = 8,
                downsample: int = 1, polarity: int = 1, slices: int = 0, shift: int = 0, image: int = 0, echoes: int = 0,
                columns: str = "xytp", n_classes: int | None = None, n_test: int | None = None, seed: int = 0) -> Dataset:
    """A data set from recordings of an event camera, each with its class, without the bias line (`with_bias` appends it).

    recordings: structured arrays (events,) with the fields x, y, t (whole microseconds) and p (0 or 1), or arrays (events, 4)
    whose columns `columns` names, in any order of these four letters. height, width: pixels of the sensor. steps: K of the
    network. downsample, polarity, slices, shift, image, echoes: as in `lava_opzo.data.binning.Encoding`. n_classes: None for the
    largest label + 1. n_test: recordings held back from a seeded order, None for a fifth; the others are trained on, in that
    order.

    Raises UserError that names the recording, the event and its value, as for a pixel outside of the sensor.
    """
    if sorted(columns) != sorted(AXES):
        raise UserError(f"data set '{name}': columns {shown(repr(columns))} is no order of {', '.join(AXES)}; give one, as xytp")
    encoding = Encoding(name, (height, width), steps, downsample, polarity, slices, shift, image, echoes)
    given = list(recordings)
    limit = n_classes or UNASKED_CLASSES
    classes = class_numbers(f"data set '{name}': labels", labels, len(given), limit).tolist()

    def read(number: int) -> np.ndarray:
        return _structured(f"data set '{name}': recording {number}", given[number], columns)

    return load_recordings(list(enumerate(classes)), None, read, encoding, n_classes or max(classes, default=0) + 1, seed, n_test,
                           f"events of the caller, {height} x {width} pixels")


def _structured(owner: str, events: Any, columns: Sequence[str]) -> np.ndarray:
    """The events with fields; their values are left to `Encoding.counts`."""
    array = as_array(f"{owner}:", events, "give (events, 4) numbers")
    if array.dtype.names:
        return array
    if array.ndim != 2 or array.shape[1] != len(AXES) or array.dtype.kind not in "iuf":
        raise UserError(f"{owner}: has shape {array.shape} and type {array.dtype}; give numbers (events, 4), or an array with "
                        "the fields x, y, t and p")
    return np.rec.fromarrays(list(array.T), dtype=[(axis, array.dtype) for axis in columns])
