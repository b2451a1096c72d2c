"""What learning needs to know of a sample, taken from what its forward windows left in shared memory."""
from dataclasses import dataclass

import numpy as np

from lava_opzo.arithmetic.fixed import synapses
from lava_opzo.engines.in_the_loop.gates import from_count, psi
from lava_opzo.engines.in_the_loop.windows import SharedWindows
from lava_opzo.errors import SimulationError
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.silicon.limits import LIMITS
from lava_opzo.silicon.profile import STATE_SHIFT


@dataclass
class Observation:
    """What a sample showed.

    Shapes:
        counts: (n,) of each population below the readout, input first.
        gates: (n,) of each hidden population; none where nothing is learned.
        o_plus, o_minus: int64 (n_out,), the readout's sums.
    """

    counts: list[np.ndarray]
    gates: list[np.ndarray]
    o_plus: np.ndarray
    o_minus: np.ndarray


def observation(network: Network, state: State, memory: SharedWindows, frames: np.ndarray, learns: bool) -> Observation:
    """The observation of the sample whose windows have just run. Raises SimulationError where they contradict themselves.

    Shapes:
        frames: uint8 (n_frames, n_in), the sample.
    """
    rows = memory.windows * network.learning.steps
    hidden_counts = [spikes[:rows].sum(axis=0, dtype=np.int32) for spikes in memory.spikes]
    counts = [frames.sum(axis=0, dtype=np.int32) * (rows // len(frames)), *hidden_counts]
    sums = memory.readout[:memory.schedule.stretches(memory.windows)].astype(np.int64) >> STATE_SHIFT
    _check_readout(network, state, sums.sum(axis=0), hidden_counts[-1])
    gates = _gates(network, memory, hidden_counts, rows) if learns else []
    return Observation(counts, gates, sums[::2].sum(axis=0), sums[1::2].sum(axis=0))


def _gates(network: Network, memory: SharedWindows, counts: list[np.ndarray], rows: int) -> list[np.ndarray]:
    if not memory.reads_currents:
        return [from_count(count, rows) for count in counts]
    return [psi(layer, spikes, u, memory.signs * (bias << layer.bias_exp), network.learning.steps)
            for layer, spikes, u, bias in zip(network.hidden, memory.spikes, memory.u, memory.bias, strict=True)]


def _check_readout(network: Network, state: State, sums: np.ndarray, count: np.ndarray) -> None:
    """The readout is linear: its sums must be the weights times the counts. A clipped membrane or a lost spike shows here."""
    into = network.forward[-1]
    expected = synapses.received(into.topology, state[into.weights].astype(np.int64), count)
    wrong = np.flatnonzero(sums != expected)
    if wrong.size:
        q = int(wrong[0])
        raise SimulationError(f"readout neuron {q}: its membrane holds {sums[q]}, the spike counts give {expected[q]} "
                              f"(limit {LIMITS.readout_sum.number}); lower sigma of connection '{into.name}' or use fewer steps, "
                              "else the forward windows do not compute as specified")
