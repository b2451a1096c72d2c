"""Operations per training sample: counted from what a run showed, and derived from the same activity for DFA and backpropagation.

Every rule of counting is a line here, so that the three columns of a table mean the same (docs/board.md).
"""
from dataclasses import asdict, dataclass, fields

import numpy as np

from lava_opzo.engines.in_the_loop.observe import Observation
from lava_opzo.engines.in_the_loop.update import Factors
from lava_opzo.network.network import Network
from lava_opzo.topology.deliveries import met, reached, sent_back


@dataclass(frozen=True)
class Operations:
    """Numbers of operations.

    spikes: binary spikes of hidden neurons, eligibility and dhat spikes included. graded_messages: input payloads and errors.
    synaptic_events: deliveries of either to a synapse. weight_updates: single additions to a synapse. neuron_updates: neurons
    times time steps.
    """

    spikes: float = 0
    graded_messages: float = 0
    synaptic_events: float = 0
    weight_updates: float = 0
    neuron_updates: float = 0

    def __add__(self, other: "Operations") -> "Operations":
        return Operations(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def per(self, samples: int) -> "Operations":
        """The mean over so many samples."""
        return Operations(*(value / max(1, samples) for value in asdict(self).values()))


@dataclass(frozen=True)
class SampleCounts:
    """One training sample: what OPZO did, and what the others would have done with the same activity in one window."""

    opzo: Operations
    dfa: Operations
    backpropagation: Operations

    def __add__(self, other: "SampleCounts") -> "SampleCounts":
        return SampleCounts(self.opzo + other.opzo, self.dfa + other.dfa, self.backpropagation + other.backpropagation)

    def per(self, samples: int) -> "SampleCounts":
        """The mean over so many samples."""
        return SampleCounts(*(getattr(self, f.name).per(samples) for f in fields(self)))


NOTHING = SampleCounts(Operations(), Operations(), Operations())


def of_sample(network: Network, frames: np.ndarray, observed: Observation, factors: Factors) -> SampleCounts:
    """Counts of one training sample.

    Shapes:
        frames: uint8 (1 or K, n_in), its payloads.
    """
    widths, learning = network.widths, network.learning
    forward = _forward(network, frames, observed)
    one_window = forward.per(learning.windows)
    weights = _weight_updates(network, factors)
    errors = np.count_nonzero(factors.error)
    feedback = Operations(graded_messages=errors, synaptic_events=errors * sum(widths[1:-1]))
    neurons = sum(widths[1:])
    opzo = (forward + weights + feedback + _feedback_updates(network, factors)
            + Operations(neuron_updates=neurons * network.schedule().length))
    steps = network.depth + learning.steps + 2 + learning.eligibility.x_max
    dfa = one_window + weights + feedback + Operations(neuron_updates=neurons * steps)
    backpropagation = (one_window + weights + _backward(network, factors)
                       + Operations(neuron_updates=neurons * (steps + network.depth - 1)))
    return SampleCounts(opzo, dfa, backpropagation)


def _forward(network: Network, frames: np.ndarray, observed: Observation) -> Operations:
    """All windows: every message or spike of a population reaches the neurons of the next one that it has a synapse to."""
    payloads = np.count_nonzero(frames, axis=0) * (network.schedule().window_steps // len(frames))
    sent = [payloads, *observed.counts[1:]]
    events = sum(reached(connection.topology, count) for connection, count in zip(network.forward, sent, strict=True))
    return Operations(spikes=sum(int(count.sum()) for count in sent[1:]), graded_messages=int(payloads.sum()),
                      synaptic_events=events)


def _weight_updates(network: Network, factors: Factors) -> Operations:
    """x eligibility spikes of a pre-synaptic neuron reach all its synapses, and change those that learn where y is not 0."""
    topologies = [connection.topology for connection in network.forward]
    return Operations(spikes=sum(int(x.sum()) for x in factors.x),
                      synaptic_events=sum(map(reached, topologies, factors.x)),
                      weight_updates=sum(_changed(network, factors)))


def _changed(network: Network, factors: Factors) -> list[int]:
    """The synapses of each forward connection that learn in a sample, once for each rank."""
    return [met(connection.topology, x, y) if connection.name in network.learning_connections else 0
            for connection, x, y in zip(network.forward, factors.x, factors.y, strict=True)]


def _feedback_updates(network: Network, factors: Factors) -> Operations:
    """One spike per bit of |dhat| into every M, which changes every row; M of every decay_period-th neuron decays."""
    bits = sum(int(value).bit_count() for value in np.abs(factors.d_hat))
    hidden, period = sum(network.widths[1:-1]), network.learning.credit.decay_period
    learning = sum(layer.n for layer in network.hidden if not layer.frozen)
    decayed = learning * network.readout.n / period if period else 0
    return Operations(spikes=bits, synaptic_events=bits * hidden, weight_updates=bits * learning + decayed)


def _backward(network: Network, factors: Factors) -> Operations:
    """The error through the transposed weights of every connection but the first, as graded messages where it is not 0.

    Where y is 0 the message is taken as 0, too. The transposed copies must learn what the weights learn: those updates count
    twice.
    """
    topologies = [connection.topology for connection in network.forward[1:]]
    copied, events = sum(_changed(network, factors)[1:]), sum(map(sent_back, topologies, factors.y[1:]))
    senders = sum(int(np.count_nonzero(y)) for y in factors.y[1:])
    return Operations(graded_messages=senders, weight_updates=copied, synaptic_events=events)
