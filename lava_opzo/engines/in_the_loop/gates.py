"""The gate of the third factor: psi from currents read in every step, or a stand-in from spike counts alone."""

import numpy as np

from lava_opzo.arithmetic.fixed import membrane
from lava_opzo.errors import SimulationError, UserError
from lava_opzo.network.layers import Hidden

GATES = {
    "psi": "steps in which v was near the threshold; the currents u are read after every step",
    "count": "from the spike counts; no state is read (accuracy: docs/board.md)",
}


def check_gate(gate: str) -> None:
    """Raise UserError for an unknown gate."""
    if gate not in GATES:
        raise UserError(f"gate '{gate}' is not one of {', '.join(GATES)}; choose one of them")


def psi(layer: Hidden, spikes: np.ndarray, u: np.ndarray, bias: np.ndarray, steps: int) -> np.ndarray:
    """psi of a sample, int32 (n,): spikes, u (windows*K, n) after each step, bias (windows, n) in membrane units.

    A board shows v after the reset, but psi needs it before: v = clip(leak(v) + u + bias) is computed again from the currents.
    Raises SimulationError where the spikes that follow from it are not those received.
    """
    total = np.zeros(layer.n, np.int32)
    for row, received in enumerate(spikes):
        v = np.zeros_like(u[0]) if row % steps == 0 else v
        v = membrane.charge(v, u[row], layer.dv, bias[row // steps])
        total += membrane.near_threshold(v, layer.vth, layer.psi_width)
        expected, v = membrane.fire(v, layer.vth)
        wrong = np.flatnonzero(expected != received)
        if wrong.size:
            i = int(wrong[0])
            raise SimulationError(
                f"neuron {i}, step {row}: {received[i]} spike(s) received, its currents give {expected[i]}; "
                "the LIF neurons do not compute as specified, run `lava-opzo acceptance`"
            )
    return total


COUNT_GATE = 4
"""Height of the gate from counts: about the mean of psi of a neuron that spikes, so that y_shift keeps its meaning."""


def from_count(count: np.ndarray, rows: int) -> np.ndarray:
    """[count > 0] * min(min(count, rows - count) + 1, 4), rows = windows*K: highest between rest and saturation."""
    return (count > 0) * np.minimum(np.minimum(count, rows - count) + 1, COUNT_GATE)
