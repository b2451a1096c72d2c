"""From the readout's sums to the steps of every weight (docs/arithmetic.md section 4)."""
import numpy as np

from lava_opzo.arithmetic.fixed.error import HALF
from lava_opzo.engines.twin.counts import Whole, shift_at
from lava_opzo.engines.twin.integers.memory import Memory
from lava_opzo.engines.twin.integers.quantiser import output_error, quantise, value_error
from lava_opzo.engines.twin.integers.scratch import Scratch
from lava_opzo.engines.twin.layout import BY_CLASS, OF_LABELS, OF_VALUES, D, Flat, G, H, R
from lava_opzo.engines.twin.part import part
from lava_opzo.engines.twin.synapses import feedback_weights
from lava_opzo.engines.twin.watch import Watch
from lava_opzo.silicon.profile import STATE_LIMIT, TRACE_MAX


@part
def third_factor(feedback: np.ndarray, error: np.ndarray, g: np.ndarray) -> None:
    """g_i = sum_q M[i,q]*error_q, the positive minus the negative part; feedback is (n_out, n_hidden)."""
    g[:] = 0
    for q in range(error.size):
        e = np.int32(error[q])
        if e != 0:
            row = feedback[q]
            for i in range(g.size):
                g[i] += row[i] * e


@part
def note_third_factor(watch: Watch | None, first: int, feedback: np.ndarray, error: np.ndarray, g: np.ndarray) -> None:
    """g of a hidden layer, and what it is before the negative part of the error; first: its first neuron."""
    if watch is not None:
        watch.g[first:first + g.size] = g
        third_factor(feedback, np.maximum(error, 0), watch.g_positive[first:first + g.size])


@part
def largest_third_factor(feedback: np.ndarray, error: np.ndarray, g: np.ndarray) -> int:
    """The largest |g_i| after the positive part of the error and after both parts; g is left as it is after both."""
    third_factor(feedback, np.maximum(error, 0), g)
    largest = np.abs(g).max()
    third_factor(feedback, error, g)
    return max(largest, np.abs(g).max())


@part
def credit(h: np.ndarray, residual: np.ndarray, shift: int, steps: np.ndarray) -> tuple[Whole, Whole]:
    """The residual quantiser; writes steps_i = -2*y_i, the change of weight i per eligibility spike, as int16.

    Returns the largest |h| and the largest |residual + h|.
    """
    largest_h = largest_r = 0
    for i in range(h.size):
        largest_h = max(largest_h, abs(np.int64(h[i])))
        largest_r = max(largest_r, abs(np.int64(residual[i]) + np.int64(h[i])))
        y, rest = quantise(np.int64(residual[i]), np.int64(h[i]), shift, TRACE_MAX)
        residual[i] = np.int32(rest)
        steps[i] = np.int16(-2 * y)
    return largest_h, largest_r


@part
def answer(net: Flat, o: np.ndarray, windows: int, answers: np.ndarray) -> None:
    """What the sums of a sample stand for, where they are no classes; windows: those that the sample had.

    Shapes:
        answers: (n_out,).
    """
    for q in range(answers.size):
        v = o[q] * (net.windows // windows) >> net.error_shift
        answers[q] = np.int32(v >= HALF) if net.outputs == OF_LABELS else np.int32(min(max(v, -TRACE_MAX), TRACE_MAX))


@part
def above_mean(net: Flat, memory: Memory, label: np.ndarray, q: int, o: Whole) -> Whole:
    """d = o - (b >> baseline_shift); b = clip(b + d, -(2^23 - 1), 2^23 - 1), with the mean b of output q for this label."""
    column = label[0] if net.baseline == BY_CLASS else np.int32(q == label[0])
    mean = np.int64(memory.baseline[q, column])
    d = o - (mean >> net.baseline_shift)
    memory.baseline[q, column] = np.int32(min(max(mean + d, -STATE_LIMIT + 1), STATE_LIMIT - 1))
    return d


@part
def differences(net: Flat, memory: Memory, label: np.ndarray, work: Scratch, largest: np.ndarray) -> None:
    """dhat of every class; label: as in `credits`."""
    for q in range(net.n[-1]):
        d = work.o[0, q] - work.o[1, q]
        if net.baseline:
            d = above_mean(net, memory, label, q, d)
        largest[-1, D] = max(largest[-1, D], abs(d))
        work.dhat[q], rest = quantise(np.int64(memory.d_residual[q]), d, net.d_shift, (1 << net.d_bits) - 1)
        memory.d_residual[q] = np.int32(rest)


@part
def credits(net: Flat, memory: Memory, label: np.ndarray, n_trained: int, work: Scratch, largest: np.ndarray,
            watch: Watch | None) -> None:
    """The error, in the place of o, and the steps -2*y of every layer.

    Shapes:
        label: (1,), the class; or (n_out,).
    """
    n_out, depth = net.n[-1], net.n.size - 2
    for q in range(n_out):
        if net.outputs == OF_VALUES:
            work.error[q] = value_error(work.error[q], label[q], net.error_shift)
        else:
            target = label[q] if net.outputs == OF_LABELS else np.int32(q == label[0])
            work.error[q] = output_error(work.error[q], target, net.error_shift)
    for l in range(1, depth + 2):
        first, last = net.neuron[l - 1], net.neuron[l]
        g = work.g[:net.n[l]]
        if l <= depth:
            feedback = feedback_weights(net, memory, l)
            if net.keeps_g:
                largest[l - 1, G] = max(largest[l - 1, G], largest_third_factor(feedback, work.error, g))
            else:
                third_factor(feedback, work.error, g)
            note_third_factor(watch, first, feedback, work.error, g)
            limit = net.g_limit[l - 1]
            for i in range(g.size):
                g[i] = np.int32(min(max(g[i], -limit), limit) * work.psi[first + i])
        else:
            for q in range(n_out):
                g[q] = np.int32(work.error[q])
        shift = shift_at(net.y_shift[l - 1], n_trained, net.halve_every, net.max_halvings)
        h, r = credit(g, memory.y_residual[first:last], shift, work.steps[first:last])
        if l <= depth:
            largest[l - 1, H] = max(largest[l - 1, H], h)
            largest[l - 1, R] = max(largest[l - 1, R], r)
