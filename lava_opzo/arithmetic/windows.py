"""One forward window of spiking neurons, step by step: what the gate, the measures and the in-the-loop engine look at."""
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import NamedTuple

import numpy as np


class WindowStep(NamedTuple):
    """The membrane before its reset, whether it was near the threshold, and the spikes; each of the shape of a current."""

    v: np.ndarray
    near: np.ndarray
    spikes: np.ndarray


def window(membrane: ModuleType, currents: Iterable[np.ndarray], dv: int, bias: float | np.ndarray, vth: int,
           psi_width: int, floor: int) -> Iterator[WindowStep]:
    """What neurons do with their currents in the steps of one window, from empty membranes on.

    In each step v = charge(v, u, dv, bias), then s = [v > vth], v = 0 where s, and v = max(v, -floor) where there is a floor.

    membrane: of a number system (`lava_opzo.arithmetic.numbers.Numbers.membrane`). currents: u of each step, in membrane units.

    Shapes:
        currents: (..., n) each. bias: anything that goes with (..., n).
    """
    v = None
    for u in currents:
        v = membrane.charge(np.zeros_like(u) if v is None else v, u, dv, bias)
        near = membrane.near_threshold(v, vth, psi_width)
        spikes, after = membrane.fire(v, vth, floor)
        yield WindowStep(v, near, spikes)
        v = after
