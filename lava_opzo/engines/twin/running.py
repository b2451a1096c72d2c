"""What neurons hold from one step to the next where weights learn in every step, at rest or as the sample before left it."""
from typing import Any, NamedTuple

import numpy as np

from lava_opzo.engines.twin.layout import Flat, by_population
from lava_opzo.network.network import Network
from lava_opzo.network.state import State


class Running(NamedTuple):
    """What the neurons hold from one step to the next, layer after layer; `Scratch` keeps the sums of the readout.

    v: int32 or float64, spikes: int8 of this step, over hidden neurons. trace: int32, over the input lines, then over hidden
    neurons; spikes are 0 or 1 in either number system, and so traces are whole numbers in both.
    """

    v: np.ndarray
    spikes: np.ndarray
    trace: np.ndarray


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
