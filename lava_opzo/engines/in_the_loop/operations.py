"""Operations per training sample: counted from what a run showed, and derived from the same activity for DFA and backpropagation.

Every rule of counting is a line here, so that the three columns of a table mean the same (docs/board.md).
"""

from dataclasses import asdict, dataclass, fields

import numpy as np

from lava_opzo.engines.in_the_loop.update import Factors, Observation
from lava_opzo.network.network import Config


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
        return SampleCounts(*(getattr(self, f.name).per(samples) for f in fields(self)))


NOTHING = SampleCounts(Operations(), Operations(), Operations())


def of_sample(config: Config, frames: np.ndarray, seen: Observation, factors: Factors) -> SampleCounts:
    """Counts of one training sample. frames: its payloads uint8 (1 or K, n_in)."""
    schedule = config.schedule()
    forward = _forward(config, frames, seen)
    one_window = forward.per(config.windows)
    weights = _weight_updates(config, factors)
    errors = np.count_nonzero(factors.error)
    feedback = Operations(graded_messages=errors, synaptic_events=errors * sum(config.widths[1:-1]))
    neurons = sum(config.widths[1:])
    opzo = (
        forward + weights + feedback + _feedback_updates(config, factors) + Operations(neuron_updates=neurons * schedule.length)
    )
    steps = config.depth + config.steps + 2 + config.x_max
    dfa = one_window + weights + feedback + Operations(neuron_updates=neurons * steps)
    backpropagation = (
        one_window + weights + _backward(config, factors) + Operations(neuron_updates=neurons * (steps + config.depth - 1))
    )
    return SampleCounts(opzo, dfa, backpropagation)


def _forward(config: Config, frames: np.ndarray, seen: Observation) -> Operations:
    """All windows: every message or spike of a layer reaches every neuron of the next one."""
    payloads = int(np.count_nonzero(frames)) * (config.windows * config.steps // len(frames))
    spikes = [int(count.sum()) for count in seen.counts[1:]]
    events = sum(n * width for n, width in zip([payloads, *spikes], config.widths[1:]))
    return Operations(spikes=sum(spikes), graded_messages=payloads, synaptic_events=events)


def _weight_updates(config: Config, factors: Factors) -> Operations:
    """x eligibility spikes of a pre-synaptic neuron reach all its synapses, and change those of neurons with y != 0."""
    spikes = [int(x.sum()) for x in factors.x]
    return Operations(
        spikes=sum(spikes),
        synaptic_events=sum(n * width for n, width in zip(spikes, config.widths[1:])),
        weight_updates=sum(n * int(np.count_nonzero(y)) for n, y in zip(spikes, factors.y)),
    )


def _feedback_updates(config: Config, factors: Factors) -> Operations:
    """One spike per bit of |dhat| into every M, which changes every row; M of every decay_period-th neuron decays."""
    bits = sum(int(value).bit_count() for value in np.abs(factors.d_hat))
    hidden = sum(config.widths[1:-1])
    decayed = hidden * config.readout.n / config.decay_period if config.decay_period else 0
    return Operations(spikes=bits, synaptic_events=bits * hidden, weight_updates=bits * hidden + decayed)


def _backward(config: Config, factors: Factors) -> Operations:
    """The error through the transposed weights of every layer but the first, as graded messages where it is not 0.

    Where y is 0 the message is taken as 0, too. The transposed copies must learn what the weights learn: those updates count
    twice.
    """
    senders = [int(np.count_nonzero(y)) for y in factors.y[1:]]
    copied = sum(int(x.sum()) * n for x, n in zip(factors.x[1:], senders))
    return Operations(
        graded_messages=sum(senders),
        weight_updates=copied,
        synaptic_events=sum(n * width for n, width in zip(senders, config.widths[1:-1])),
    )
