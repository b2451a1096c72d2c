"""The updates of all weights (docs/arithmetic.md section 5).

low, high: the rails. first: the first weight of a connection in the flat arrays, for the notes. touches: (1,), to which the rail
touches of a connection are added.
"""
import numpy as np

from lava_opzo.engines.twin.counts import eligibility
from lava_opzo.engines.twin.integers.columns import learned_columns, shared_columns, summed_columns
from lava_opzo.engines.twin.integers.memory import Memory
from lava_opzo.engines.twin.integers.scratch import Scratch
from lava_opzo.engines.twin.integers.weights import add_steps, decay
from lava_opzo.engines.twin.layout import Flat
from lava_opzo.engines.twin.part import part
from lava_opzo.engines.twin.synapses import (
    auxiliary_weights,
    feedback_weights,
    first_output,
    readout_weights,
    wires,
)
from lava_opzo.engines.twin.watch import Watch, note_eligibility, note_feedback, note_rank, of_auxiliary


@part
def dense_rows(weights: np.ndarray, x: np.ndarray, x_max: int, steps: np.ndarray, change: np.ndarray, low: int, high: int,
               first: int, watch: Watch | None, touches: np.ndarray) -> None:
    """W of a readout, weights (n_post, n_pre); `change` is int16 scratch (n_pre,)."""
    total = 0
    for q in range(steps.size):
        if steps[q] != 0:
            for rank in range(1, x_max + 1):
                for j in range(x.size):
                    change[j] = np.int16(steps[q]) if x[j] >= rank else np.int16(0)
                total += add_steps(weights[q], change, low, high)
                note_rank(watch, rank, first + q * x.size, weights[q])
    touches[0] += total


@part
def dense_decay(feedback: np.ndarray, n_trained: int, period: int, low: int, high: int, first: int, watch: Watch | None) -> None:
    """Neurons i with (n_trained + i) & (period - 1) == 0 lose one step of M; feedback is (n_out, n_hidden)."""
    if period == 0:
        return
    for i in range(-n_trained & (period - 1), feedback.shape[1], period):
        for q in range(feedback.shape[0]):
            feedback[q, i] = np.int16(decay(np.int64(feedback[q, i]), low, high))
    for q in range(feedback.shape[0]):
        note_feedback(watch, 0, first + q * feedback.shape[1], feedback[q])


@part
def dense_bits(feedback: np.ndarray, dhat: np.ndarray, z: np.ndarray, d_bits: int, change: np.ndarray, low: int, high: int,
               first: int, watch: Watch | None, touches: np.ndarray) -> None:
    """M of a hidden layer, bit after bit of |dhat|; feedback is (n_out, n_hidden), `change` int16 scratch (n_hidden,).

    A column sees one sign of dhat only, so columns may go one after the other.
    """
    total = 0
    for q in range(dhat.size):
        size = abs(dhat[q])
        for bit in range(d_bits):
            if (size >> bit) & 1:
                unit = np.int16((2 << bit) * np.sign(dhat[q]))
                for i in range(z.size):
                    change[i] = np.int16(unit * z[i])
                total += add_steps(feedback[q], change, low, high)
                note_feedback(watch, 1 + bit + (d_bits if dhat[q] < 0 else 0), first + q * z.size, feedback[q])
    touches[0] += total


@part
def update_layer(net: Flat, memory: Memory, l: int, x: np.ndarray, work: Scratch, touches: np.ndarray,
                 watch: Watch | None) -> None:
    """W of layer l, whose sources have eligibility x, where it is not frozen; touches: (L+1,), to which its rail touches are
    added.
    """
    first, low, high = net.weight[l - 1], net.weight_min, net.weight_max
    note_eligibility(watch, net.source[l - 1], x)
    if net.frozen[l - 1]:
        return
    steps = work.steps[net.neuron[l - 1]:net.neuron[l]]
    if l <= net.n.size - 2:
        if net.sum_shift[l - 1] > 0:
            kept = net.residual[l - 1]
            residual = memory.residual[kept:net.residual[l]]
            summed_columns(wires(net, l), memory.weights[first:net.weight[l]], residual, x, steps, net.sum_shift[l - 1],
                           work.total[:residual.size], low, high, first, kept, watch, touches[l - 1:l])
        elif net.shared[l - 1]:
            shared_columns(wires(net, l), memory.weights[first:net.weight[l]], x, steps, low, high, first, watch,
                           touches[l - 1:l])
        else:
            reach = memory.reach[net.source[l - 1]:net.source[l]]
            learned_columns(net, memory, l, reach, x, steps, low, high, first, watch, touches[l - 1:l])
    else:
        dense_rows(readout_weights(net, memory), x, net.x_max, steps, work.change[:x.size], low, high, first, watch,
                   touches[l - 1:l])


@part
def update_weights(net: Flat, memory: Memory, work: Scratch, touches: np.ndarray, watch: Watch | None) -> None:
    """W of every layer that is not frozen; touches: (L+1,), to which its rail touches are added."""
    for l in range(1, net.n.size):
        update_layer(net, memory, l, eligibility(net, work, l), work, touches, watch)


@part
def update_auxiliary(net: Flat, memory: Memory, work: Scratch, touches: np.ndarray, watch: Watch | None) -> None:
    """A of every auxiliary readout that is not frozen; touches: (R-1,), to which its rail touches are added.

    Its eligibility is that of the W that reads the same layer.
    """
    n_out, depth, inner = net.n[-1], net.n.size - 2, of_auxiliary(watch)
    for l in range(1, depth):
        r = net.reader[l - 1]
        if r == 0 or net.frozen[depth + r]:
            continue
        first, x = first_output(net, r), eligibility(net, work, l + 1)
        dense_rows(auxiliary_weights(net, memory, r, l), x, net.x_max, work.steps[first:first + n_out], work.change[:x.size],
                   net.weight_min, net.weight_max, net.auxiliary[r - 1], inner, touches[r - 1:r])


@part
def update_feedback(net: Flat, memory: Memory, n_trained: int, work: Scratch, touches: np.ndarray, watch: Watch | None) -> None:
    """M of every hidden layer that is not frozen: decay, then dhat; touches: (L,), to which its rail touches are added."""
    low, high = net.weight_min, net.weight_max
    for l in range(1, net.n.size - 1):
        if net.frozen[l - 1]:
            continue
        first, feedback = net.feedback[l - 1], feedback_weights(net, memory, l)
        z = work.z[net.neuron[l - 1]:net.neuron[l]]
        dense_decay(feedback, n_trained, net.decay_period, low, high, first, watch)
        dhat = work.dhat[net.teacher[l - 1]]
        dense_bits(feedback, dhat, z, net.d_bits, work.change[:z.size], low, high, first, watch, touches[l - 1:l])
