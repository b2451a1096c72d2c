"""The gate of the third factor: psi from currents read in every step, or a stand-in from spike counts alone."""
import numpy as np

from lava_opzo.arithmetic.fixed import membrane
from lava_opzo.arithmetic.windows import window
from lava_opzo.errors import SimulationError
from lava_opzo.network.populations import Hidden

COUNT_GATE = 4
"""Height of the gate from counts: about the mean of psi of a neuron that spikes, so that y_shift keeps its meaning."""


def psi(layer: Hidden, spikes: np.ndarray, u: np.ndarray, bias: np.ndarray, steps: int) -> np.ndarray:
    """The steps in which each membrane was near its threshold, computed again from the currents.

    A board shows v after the reset, but psi needs it before: v = clip(leak(v) + u + bias).

    Shapes:
        spikes, u, bias: (windows*K, n), of each step, u and bias in membrane units. Returns int32 (n,).

    Raises SimulationError where the spikes that follow from the currents are not those received.
    """
    total, received = np.zeros(layer.n, np.int32), u + bias
    for start in range(0, len(u), steps):
        currents = received[start:start + steps]
        steps_of_window = window(membrane, currents, layer.dv, 0, layer.vth, layer.psi_width, layer.floor)
        for row, (_, near, expected) in enumerate(steps_of_window, start):
            total += near
            _check_spikes(layer, row, expected, spikes[row])
    return total


def _check_spikes(layer: Hidden, row: int, expected: np.ndarray, received: np.ndarray) -> None:
    wrong = np.flatnonzero(expected != received)
    if wrong.size:
        i = int(wrong[0])
        raise SimulationError(f"population '{layer.name}', neuron {i}, step {row}: {received[i]} spike(s) received, its currents "
                              f"give {expected[i]}; the LIF neurons do not compute as specified, run `lava-opzo acceptance`")


def from_count(count: np.ndarray, rows: int) -> np.ndarray:
    """A gate that needs no state, highest between rest and saturation: [count > 0] * min(min(count, rows - count) + 1, 4).

    rows: windows*K.
    """
    return (count > 0) * np.minimum(np.minimum(count, rows - count) + 1, COUNT_GATE)
