"""What neurons hold from one step to the next where weights learn in every step, at rest or as the sample before left it."""
from typing import NamedTuple

import numpy as np

from lava_opzo.engines.twin.integers.scratch import Scratch
from lava_opzo.engines.twin.layout import Flat, by_population
from lava_opzo.engines.twin.part import part
from lava_opzo.network.network import Network
from lava_opzo.network.state import State


class Running(NamedTuple):
    """What the neurons hold from one step to the next, layer after layer; `Scratch` keeps the sums of the readout.

    v: int32, spikes: int8 of this step, over hidden neurons. trace: int32, over the input lines, then over hidden neurons.
    """

    v: np.ndarray
    spikes: np.ndarray
    trace: np.ndarray


@part
def rest(work: Scratch, now: Running) -> None:
    """A sample that begins with nothing."""
    work.o[:] = 0
    now.v[:] = 0
    now.trace[:] = 0


@part
def balance(o: np.ndarray) -> None:
    """o_minus = (o_plus + o_minus) >> 1, and o_plus the rest, in place: the difference begins anew, the sum goes on.

    Shapes:
        o: (2, n_out).
    """
    for q in range(o.shape[1]):
        total = o[0, q] + o[1, q]
        o[1, q] = total >> 1
        o[0, q] = total - o[1, q]


def started(network: Network, net: Flat, state: State, work: Scratch) -> Running:
    """What neurons hold in a state, the sums of the readout in `work`; nothing where samples begin at rest."""
    hidden = int(net.neuron[-2])
    now = Running(np.zeros(hidden, np.int32), np.zeros(hidden, np.int8), np.zeros(int(net.n[0]) + hidden, np.int32))
    if network.learning.carry:
        now.v[:] = np.concatenate([state[f"{layer.name}.v"] for layer in network.hidden])
        now.trace[:] = np.concatenate([state[f"{layer.name}.count"] for layer in network.populations[:-1]])
        for sums, name in zip(work.o[0], ("o_plus", "o_minus"), strict=True):
            sums[:] = state[f"{network.readout.name}.{name}"]
    return now


def left(network: Network, net: Flat, now: Running, work: Scratch) -> dict[str, np.ndarray]:
    """The arrays of a state that neurons carry into the next sample, int32; none where samples begin at rest."""
    if not network.learning.carry:
        return {}
    return {**by_population(network.populations[:-1], "count", now.trace, np.int32),
            **by_population(network.hidden, "v", now.v, np.int32),
            **{f"{network.readout.name}.{name}": sums.astype(np.int32)
               for sums, name in zip(work.o[0], ("o_plus", "o_minus"), strict=True)}}
