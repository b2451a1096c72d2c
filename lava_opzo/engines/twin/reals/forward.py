"""The forward windows in real numbers (lava_opzo.arithmetic.real.membrane); `infer` runs them for a whole sample."""
import numpy as np

from lava_opzo.engines.twin.counts import active
from lava_opzo.engines.twin.part import part
from lava_opzo.engines.twin.synapses import Wires, by_topology
from lava_opzo.engines.twin.windows import forward
from lava_opzo.silicon.profile import STATE_SHIFT

SCALE = float(1 << STATE_SHIFT)
"""Membrane units of one weight unit."""


@part
def dense_sum(weights: np.ndarray, s: np.ndarray, sums: np.ndarray, u: np.ndarray) -> None:
    """a_i = sum_j weights[j, i] * s_j over the payloads or spikes s that are not 0."""
    u[:] = 0.0
    for m in range(active(s, sums)):
        row, value = weights[sums[m]], float(s[sums[m]])
        for i in range(u.size):
            u[i] += row[i] * value


@part
def run_sum(wires: Wires, weights: np.ndarray, s: np.ndarray, sums: np.ndarray, u: np.ndarray) -> None:
    """a_i = sum over the runs of the inputs j that are not 0, weights[w] * s_j."""
    u[:] = 0.0
    for m in range(active(s, sums)):
        j = sums[m]
        value = float(s[j])
        for r in range(wires.first[j], wires.first[j + 1]):
            post, w = wires.post[r], wires.weight[r]
            for i in range(wires.length[r]):
                u[post + i] += weights[w + i] * value


@part
def current(u: np.ndarray) -> int:
    """u = 64*a in place; sizes are not looked at."""
    for i in range(u.size):
        u[i] *= SCALE
    return 0


@part
def step(v: np.ndarray, u: np.ndarray, bias: np.ndarray, dv: int, threshold: int, psi_width: int, floor: int,
         psi: np.ndarray, count: np.ndarray, spikes: np.ndarray) -> int:
    """v = v*(1 - dv/4096) + u + bias; psi, spike, reset, floor and count as in integers. Sizes are not looked at."""
    keep, limit, width = 1.0 - dv / 4096.0, float(threshold), float(psi_width)
    for i in range(v.size):
        v[i] = v[i] * keep + u[i] + bias[i]
    for i in range(v.size):
        psi[i] += abs(v[i] - limit) < width
    for i in range(v.size):
        fires = v[i] > limit
        spikes[i] = fires
        v[i] = 0.0 if fires else v[i]
    for i in range(v.size):
        count[i] += spikes[i]
    if floor != 0:
        lowest = -float(floor)
        for i in range(v.size):
            v[i] = max(v[i], lowest)
    return 0


@part
def dense_output(weights: np.ndarray, raster: np.ndarray, count: np.ndarray, step_sums: np.ndarray, o: np.ndarray) -> None:
    """What the readout receives: the sums of the steps, in the order of the steps, as Lava adds them."""
    o[:] = 0.0
    for k in range(raster.shape[0]):
        step_sums[:] = 0.0
        for j in range(raster.shape[1]):
            if raster[k, j]:
                for q in range(o.size):
                    step_sums[q] += weights[q, j]
        for q in range(o.size):
            o[q] += step_sums[q]


received = by_topology(dense_sum, run_sum)
infer = forward(received, received, current, step, dense_output)
