"""What neurons hold from one step to the next where weights learn in every step, at rest or as the sample before left it."""
from typing import Any, NamedTuple

import numpy as np

from lava_opzo.arithmetic.fixed.traces import DECAY_BITS
from lava_opzo.engines.twin.layout import Flat, by_population
from lava_opzo.engines.twin.noise import draw_noise
from lava_opzo.engines.twin.part import part
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.silicon.profile import STATE_SHIFT


class Running(NamedTuple):
    """What the neurons hold from one step to the next, layer after layer; `Scratch` keeps the sums of the readout.

    v: int32 or float64, spikes: int8 of this step, over hidden neurons. trace: int32, over the input lines, then over hidden
    neurons; spikes are 0 or 1 in either number system, and so traces are whole numbers in both.
    """

    v: np.ndarray
    spikes: np.ndarray
    trace: np.ndarray


@part
def begin(net: Flat, memory: Any, learn: bool, work: Any, now: Running) -> None:
    """A sample draws its noise if it is learned, counts from 0, and begins at rest unless it goes on with the one before."""
    if learn:
        draw_noise(memory, work)
    work.count[:] = 0
    if not net.carry:
        work.o[:] = 0
        now.v[:] = 0
        now.trace[:] = 0


@part
def bias_of(net: Flat, l: int, sign: int, work: Any) -> np.ndarray:
    """The noise of hidden layer l in a step, in work.bias; sign: of the step, 0 without noise."""
    first, bias = net.neuron[l - 1], work.bias[:net.n[l]]
    for i in range(bias.size):
        bias[i] = sign * net.alpha[l - 1] * work.z[first + i]
    return bias


@part
def leave_trace(trace: np.ndarray, spikes: np.ndarray, decay: int) -> None:
    """count = ((count * (4096 - decay)) >> 12) + (s << 6), in place."""
    kept = (1 << DECAY_BITS) - decay
    for j in range(trace.size):
        trace[j] = np.int32(((np.int64(trace[j]) * kept) >> DECAY_BITS) + (np.int64(spikes[j]) << STATE_SHIFT))


def started(network: Network, net: Flat, state: State, work: Any, dtype: type = np.int32) -> Running:
    """What neurons hold in a state, the sums of the readout in `work`; nothing where samples begin at rest. dtype: of v."""
    hidden = int(net.neuron[-2])
    now = Running(np.zeros(hidden, dtype), np.zeros(hidden, np.int8), np.zeros(int(net.n[0]) + hidden, np.int32))
    if network.learning.carry:
        now.v[:] = np.concatenate([state[f"{layer.name}.v"] for layer in network.hidden])
        now.trace[:] = np.concatenate([state[f"{layer.name}.count"] for layer in network.populations[:-1]])
        for sums, name in zip(work.o[0], ("o_plus", "o_minus"), strict=True):
            sums[:] = state[f"{network.readout.name}.{name}"]
    return now


def left(network: Network, net: Flat, now: Running, work: Any, dtype: type = np.int32) -> dict[str, np.ndarray]:
    """The arrays of a state that neurons carry into the next sample, of this type; none where samples begin at rest."""
    if not network.learning.carry:
        return {}
    return {**by_population(network.populations[:-1], "count", now.trace, dtype),
            **by_population(network.hidden, "v", now.v, dtype),
            **{f"{network.readout.name}.{name}": sums.astype(dtype)
               for sums, name in zip(work.o[0], ("o_plus", "o_minus"), strict=True)}}
