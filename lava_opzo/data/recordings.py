"""Events of a recording, checked before anything counts them."""
from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np

from lava_opzo.errors import UserError

EVENT = [(axis, np.int64) for axis in ("x", "y", "t", "p")]
"""Fields of an event: column, row, time in us, polarity."""

MOST_BYTES = 1 << 28
"""More than any recording of these sets has (the largest: 36 kB of N-MNIST, 40 MB of DVS-Gesture)."""


def checked(file: Path, columns: Mapping[str, np.ndarray], limits: Mapping[str, int]) -> np.ndarray:
    """The events as a structured array of `EVENT`, x, y, t and p as the columns have them.

    limits: the largest value of each field; the least is 0. Raises UserError that names the file and the first event with a value
    outside, a fraction where a pixel or a polarity is asked for, or a time before that of the event before it.
    """
    refuse_outside(f"{file} is damaged", columns, limits, "fetch it again", fractions=("t",))
    backwards = columns["t"][1:] < columns["t"][:-1]
    if backwards.any():
        first = int(np.argmax(backwards)) + 1
        raise UserError(f"{file} is damaged: event {first} at t = {columns['t'][first]} comes after one at "
                        f"t = {columns['t'][first - 1]}; fetch it again")
    events = np.empty(len(columns["t"]), EVENT)
    for axis, values in columns.items():
        events[axis] = values
    return events


def refuse_outside(owner: str, columns: Mapping[str, np.ndarray], limits: Mapping[str, int], hint: str,
                   fractions: Collection[str] = ()) -> None:
    """Raise UserError that names the first event with a value below 0, above its limit, or with a fraction.

    owner, hint: how the message begins and what to do. fractions: columns that may have some.
    """
    for axis, values in columns.items():
        wrong = ~((values >= 0) & (values <= limits[axis]))
        if axis not in fractions and values.dtype.kind == "f":
            wrong |= values != np.trunc(values)
        if wrong.any():
            first = int(np.argmax(wrong))
            raise UserError(f"{owner}: event {first} has {axis} = {values[first]}, expected 0..{limits[axis]}; {hint}")
