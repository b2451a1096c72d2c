"""The updates of all weights (docs/arithmetic.md section 5)."""
import numpy as np
from numba import njit

from lava_opzo.engines.twin.counts import eligibility
from lava_opzo.engines.twin.integers.memory import Memory
from lava_opzo.engines.twin.integers.scratch import Scratch
from lava_opzo.engines.twin.integers.weights import add_steps, add_steps_off_rails, decay, largest_size
from lava_opzo.engines.twin.layout import Flat
from lava_opzo.engines.twin.synapses import by_topology, feedback_weights, hidden_weights, readout_weights
from lava_opzo.engines.twin.watch import Watch, note_eligibility, note_feedback, note_rank


@njit
def note_ranks(watch: Watch | None, x: int, first: int, steps: np.ndarray, row: np.ndarray) -> None:
    """A row whose ranks 1..x came in one addition; first: its first weight."""
    if watch is not None:
        for rank in range(1, x):
            add_steps_off_rails(watch.weights[rank - 1, first:first + row.size], steps, rank)
        note_rank(watch, x, first, row)


@njit
def dense_columns(net: Flat, l: int, weights: np.ndarray, reach: np.ndarray, x: np.ndarray, steps: np.ndarray, touches: np.ndarray,
                  watch: Watch | None) -> None:
    """W of hidden layer l, weights (n_pre, n_post): row j changes x_j times.

    reach: an upper bound of every row's |w|. Rails are looked at only in rows where it says that they may be reached.
    """
    total, stride, rail = 0, largest_size(steps), min(net.weight_max, -net.weight_min)
    if stride == 0:
        return
    for j in range(x.size):
        if x[j] > 0:
            reach[j] += x[j] * stride
            first = net.weight[l - 1] + j * steps.size
            if reach[j] < rail:
                add_steps_off_rails(weights[j], steps, x[j])
                note_ranks(watch, x[j], first, steps, weights[j])
            else:
                for rank in range(1, x[j] + 1):
                    total += add_steps(weights[j], steps, net.weight_min, net.weight_max)
                    note_rank(watch, rank, first, weights[j])
                reach[j] = largest_size(weights[j])
    touches[l - 1] += total


@njit
def dense_rows(net: Flat, l: int, weights: np.ndarray, x: np.ndarray, steps: np.ndarray, change: np.ndarray, touches: np.ndarray,
               watch: Watch | None) -> None:
    """W of the readout, layer l, weights (n_post, n_pre); `change` is int16 scratch (n_pre,)."""
    for q in range(steps.size):
        if steps[q] != 0:
            for rank in range(1, net.x_max + 1):
                for j in range(x.size):
                    change[j] = np.int16(steps[q]) if x[j] >= rank else np.int16(0)
                touches[l - 1] += add_steps(weights[q], change, net.weight_min, net.weight_max)
                note_rank(watch, rank, net.weight[l - 1] + q * x.size, weights[q])


@njit
def dense_decay(net: Flat, l: int, feedback: np.ndarray, n_trained: int, watch: Watch | None) -> None:
    """Neurons i with (n_trained + i) & (period - 1) == 0 lose one step of M; feedback is (n_out, n_hidden)."""
    period = net.decay_period
    if period == 0:
        return
    for i in range(-n_trained & (period - 1), feedback.shape[1], period):
        for q in range(feedback.shape[0]):
            feedback[q, i] = np.int16(decay(np.int64(feedback[q, i]), net.weight_min, net.weight_max))
    note_feedback(watch, 0, net.feedback[l - 1], feedback)


@njit
def dense_bits(net: Flat, l: int, feedback: np.ndarray, dhat: np.ndarray, z: np.ndarray, change: np.ndarray, touches: np.ndarray,
               watch: Watch | None) -> None:
    """M of hidden layer l, bit after bit of |dhat|; feedback is (n_out, n_hidden), `change` int16 scratch (n_hidden,).

    A column sees one sign of dhat only, so columns may go one after the other.
    """
    for q in range(dhat.size):
        size, negative = abs(dhat[q]), dhat[q] < 0
        for bit in range(net.d_bits):
            if (size >> bit) & 1:
                unit = np.int16((2 << bit) * np.sign(dhat[q]))
                for i in range(z.size):
                    change[i] = np.int16(unit * z[i])
                touches[l - 1] += add_steps(feedback[q], change, net.weight_min, net.weight_max)
                note_feedback(watch, 1 + bit + negative * net.d_bits, net.feedback[l - 1] + q * z.size, feedback[q])


learned_columns, learned_rows = by_topology(dense_columns), by_topology(dense_rows)
decayed, learned_bits = by_topology(dense_decay), by_topology(dense_bits)


@njit
def update_weights(net: Flat, memory: Memory, work: Scratch, touches: np.ndarray, watch: Watch | None) -> None:
    """W of every layer; touches: (L+1,), to which its rail touches are added."""
    depth = net.n.size - 2
    for l in range(1, depth + 2):
        kind, x, steps = net.kind[l - 1], eligibility(net, work, l), work.steps[net.neuron[l - 1]:net.neuron[l]]
        note_eligibility(watch, net.source[l - 1], x)
        if l <= depth:
            reach = memory.reach[net.source[l - 1]:net.source[l]]
            learned_columns(kind, net, l, hidden_weights(net, memory, l), reach, x, steps, touches, watch)
        else:
            learned_rows(kind, net, l, readout_weights(net, memory), x, steps, work.change[:x.size], touches, watch)


@njit
def update_feedback(net: Flat, memory: Memory, n_trained: int, work: Scratch, touches: np.ndarray, watch: Watch | None) -> None:
    """M of every hidden layer: decay, then dhat; touches: (L,), to which its rail touches are added."""
    for l in range(1, net.n.size - 1):
        kind, feedback, z = net.feedback_kind[l - 1], feedback_weights(net, memory, l), work.z[net.neuron[l - 1]:net.neuron[l]]
        decayed(kind, net, l, feedback, n_trained, watch)
        learned_bits(kind, net, l, feedback, work.dhat, z, work.change[:z.size], touches, watch)
