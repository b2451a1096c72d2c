"""From the sums of the readouts to the steps of every weight (docs/arithmetic.md section 4)."""
import numpy as np

from lava_opzo.arithmetic.fixed.error import HALF
from lava_opzo.engines.twin.counts import Whole, largest_size, note, predict, shift_at
from lava_opzo.engines.twin.integers.memory import Memory
from lava_opzo.engines.twin.integers.quantiser import output_error, quantise, value_error
from lava_opzo.engines.twin.integers.scratch import Scratch
from lava_opzo.engines.twin.layout import BY_CLASS, OF_CLASSES, OF_LABELS, OF_VALUES, D, Flat, G, H, R
from lava_opzo.engines.twin.part import part
from lava_opzo.engines.twin.synapses import feedback_weights, first_output
from lava_opzo.engines.twin.watch import Watch
from lava_opzo.silicon.profile import STATE_LIMIT, TRACE_MAX
from lava_opzo.silicon.readouts import NO_LABEL


@part
def third_factor(feedback: np.ndarray, error: np.ndarray, negative: bool, g: np.ndarray) -> None:
    """g_i = sum_q M[i,q]*error_q, the positive part and, if asked for, minus the negative one; feedback is (n_out, n_hidden)."""
    g[:] = 0
    for q in range(error.size):
        e = np.int32(error[q])
        if e > 0 or (negative and e < 0):
            row = feedback[q]
            for i in range(g.size):
                g[i] += row[i] * e


@part
def note_third_factor(watch: Watch | None, first: int, feedback: np.ndarray, error: np.ndarray, g: np.ndarray) -> None:
    """g of a hidden layer, and what it is before the negative part of the error; first: its first neuron."""
    if watch is not None:
        note(g, watch.g[first:first + g.size])
        third_factor(feedback, error, False, watch.g_positive[first:first + g.size])


@part
def largest_third_factor(feedback: np.ndarray, error: np.ndarray, g: np.ndarray) -> np.int64:
    """The largest |g_i| after the positive part of the error and after both parts; g is left as it is after both."""
    third_factor(feedback, error, False, g)
    largest = largest_size(g)
    third_factor(feedback, error, True, g)
    return max(largest, largest_size(g))


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
def answer(net: Flat, r: int, o: np.ndarray, windows: int, answers: np.ndarray) -> None:
    """What the sums of readout r stand for, where they are no classes; windows: those that the sample had.

    Shapes:
        answers: (n_out,).
    """
    for q in range(answers.size):
        v = o[q] * (net.windows // windows) >> net.error_shift[r]
        answers[q] = np.int32(v >= HALF) if net.outputs == OF_LABELS else np.int32(min(max(v, -TRACE_MAX), TRACE_MAX))


@part
def note_auxiliary(net: Flat, work: Scratch, watch: Watch | None) -> None:
    """What auxiliary readouts predict; work.error: o."""
    if watch is not None:
        for r in range(1, net.error_shift.size):
            if net.outputs == OF_CLASSES:
                watch.prediction[r, 0] = predict(work.error[r])
            else:
                answer(net, r, work.error[r], net.windows, watch.prediction[r])


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
    """dhat of every class of all readouts; label: as in `credits`."""
    for r in range(net.d_shift.size):
        row = net.n.size - 2 + r
        for q in range(net.n[-1]):
            d = work.o[r, 0, q] - work.o[r, 1, q]
            if net.baseline:
                d = above_mean(net, memory, label, q, d)
            largest[row, D] = max(largest[row, D], abs(d))
            work.dhat[r, q], rest = quantise(np.int64(memory.d_residual[r, q]), d, net.d_shift[r], (1 << net.d_bits) - 1)
            memory.d_residual[r, q] = np.int32(rest)


@part
def errors(net: Flat, label: np.ndarray, shift: int, error: np.ndarray) -> None:
    """The error of a readout in the place of its sums o; shift: its error_shift. label: as in `credits`."""
    for q in range(error.size):
        if net.outputs == OF_VALUES:
            error[q] = value_error(error[q], label[q], shift)
        elif net.outputs == OF_CLASSES and label[0] == NO_LABEL:
            error[q] = 0
        else:
            target = label[q] if net.outputs == OF_LABELS else np.int32(q == label[0])
            error[q] = output_error(error[q], target, shift)


@part
def credits(net: Flat, memory: Memory, label: np.ndarray, n_trained: int, work: Scratch, largest: np.ndarray,
            watch: Watch | None) -> None:
    """The errors of all readouts, in the place of o, and the steps -2*y of every layer.

    Shapes:
        label: (1,), the class; or (n_out,).
    """
    n_out, depth = net.n[-1], net.n.size - 2
    for r in range(net.error_shift.size):
        errors(net, label, net.error_shift[r], work.error[r])
    for l in range(1, depth + 1):
        first, last = net.neuron[l - 1], net.neuron[l]
        g, error, feedback = work.g[:net.n[l]], work.error[net.teacher[l - 1]], feedback_weights(net, memory, l)
        if net.keeps_g:
            largest[l - 1, G] = max(largest[l - 1, G], largest_third_factor(feedback, error, g))
        else:
            third_factor(feedback, error, True, g)
        note_third_factor(watch, first, feedback, error, g)
        limit = net.g_limit[l - 1]
        for i in range(g.size):
            g[i] = np.int32(min(max(g[i], -limit), limit) * work.psi[first + i])
        shift = shift_at(net.y_shift[l - 1], n_trained, net.halve_every, net.max_halvings)
        h, r_size = credit(g, memory.y_residual[first:last], shift, work.steps[first:last])
        largest[l - 1, H] = max(largest[l - 1, H], h)
        largest[l - 1, R] = max(largest[l - 1, R], r_size)
    for r in range(net.error_shift.size):
        g, first = work.g[:n_out], first_output(net, r)
        for q in range(n_out):
            g[q] = np.int32(work.error[r, q])
        shift = shift_at(net.y_shift[depth + r], n_trained, net.halve_every, net.max_halvings)
        credit(g, memory.y_residual[first:first + n_out], shift, work.steps[first:first + n_out])
