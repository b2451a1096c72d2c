"""Third factors in real numbers: through M (opzo, dfa), through the weights above (backprop), or the loss (single-point)."""
from math import exp, floor, log, tanh

import numpy as np

from lava_opzo.arithmetic.fixed.error import HALF
from lava_opzo.arithmetic.real.error import STEEPNESS
from lava_opzo.engines.twin.counts import shift_at
from lava_opzo.engines.twin.layout import BY_CLASS, OF_LABELS, OF_VALUES, Flat
from lava_opzo.engines.twin.part import part
from lava_opzo.engines.twin.reals.memory import Memory, Scratch
from lava_opzo.engines.twin.synapses import Wires, by_topology, feedback_weights, first_output, readout_weights
from lava_opzo.silicon.profile import STATE_SHIFT, TRACE_MAX
from lava_opzo.silicon.readouts import NO_LABEL

KINDS = {"opzo": 0, "dfa": 1, "backprop": 2, "single-point": 3}
"""Numbers of the kinds of credit inside the compiled loop."""

BACKPROP, SINGLE_POINT = KINDS["backprop"], KINDS["single-point"]


@part
def output_error(o: np.ndarray, label: int, shift: int) -> float:
    """Replace o by e = 127*(softmax(o / 2^(shift + 4)) - target), by 0 where there is no label; returns the loss -log softmax of
    the label.
    """
    if label == NO_LABEL:
        o[:] = 0.0
        return 0.0
    largest, total = o[0], 0.0
    for q in range(1, o.size):
        largest = max(largest, o[q])
    for q in range(o.size):
        o[q] = exp((o[q] - largest) / 2.0 ** (shift + 4))
        total += o[q]
    loss = -log(max(o[label] / total, 1e-30))
    for q in range(o.size):
        o[q] = TRACE_MAX * (o[q] / total - (q == label))
    return loss


@part
def value_error(o: np.ndarray, values: np.ndarray, shift: int) -> float:
    """Replace o by e = clip(o / 2^shift - values, -127, 127); returns half the summed squares of e, in units of 127."""
    loss = 0.0
    for q in range(o.size):
        o[q] = min(max(o[q] / 2.0 ** shift - values[q], -TRACE_MAX), TRACE_MAX)
        loss += 0.5 * (o[q] / TRACE_MAX) ** 2
    return loss


@part
def label_error(o: np.ndarray, labels: np.ndarray, shift: int) -> float:
    """Replace o by e = 127*(logistic((o / 2^shift - 64) / 16) - labels); returns the loss, the summed -log of what is right."""
    loss = 0.0
    for q in range(o.size):
        p = 0.5 + 0.5 * tanh((o[q] / 2.0 ** shift - HALF) / (2 * STEEPNESS))
        loss -= log(max(p if labels[q] else 1 - p, 1e-30))
        o[q] = TRACE_MAX * (p - labels[q])
    return loss


@part
def answer(net: Flat, o: np.ndarray, windows: int, answers: np.ndarray) -> None:
    """What the sums of a sample stand for, where they are no classes; windows: those that the sample had.

    Shapes:
        answers: (n_out,).
    """
    for q in range(answers.size):
        v = o[q] * (net.windows // windows) / 2.0 ** net.error_shift[0]
        answers[q] = np.int32(v >= HALF) if net.outputs == OF_LABELS else np.int32(min(max(np.rint(v), -TRACE_MAX), TRACE_MAX))


@part
def quantise(residual: np.ndarray, d: np.ndarray, shift: int, limit: int, dhat: np.ndarray) -> None:
    """q = floor((residual + d) / 2^shift); residual keeps the rest; dhat = clip(q, -limit, limit)."""
    for q in range(d.size):
        total = residual[q] + d[q]
        steps = floor(total / 2.0 ** shift)
        residual[q] = total - steps * 2.0 ** shift
        dhat[q] = min(max(steps, -limit), limit)


@part
def above_means(net: Flat, memory: Memory, label: int, d: np.ndarray) -> None:
    """d_q = d_q - b / 2^baseline_shift in place; b = b + d_q, with the mean b of output q for this label."""
    for q in range(d.size):
        column = label if net.baseline == BY_CLASS else np.int32(q == label)
        d[q] -= memory.baseline[q, column] / 2.0 ** net.baseline_shift
        memory.baseline[q, column] += d[q]


@part
def third_factor(feedback: np.ndarray, error: np.ndarray, g: np.ndarray) -> None:
    """g_i = sum_q M[i, q] * error_q; feedback is (n_out, n_hidden)."""
    g[:] = 0.0
    for q in range(error.size):
        for i in range(g.size):
            g[i] += feedback[q, i] * error[q]


@part
def readout_returned(weights: np.ndarray, delta: np.ndarray, g: np.ndarray) -> None:
    """g_j = sum_q W[q, j] * delta_q; weights are those of the readout, (n_post, n_pre)."""
    g[:] = 0.0
    for q in range(delta.size):
        for j in range(g.size):
            g[j] += weights[q, j] * delta[q]


@part
def dense_hidden_returned(weights: np.ndarray, delta: np.ndarray, g: np.ndarray) -> None:
    """g_j = sum_i W[i, j] * delta_i; weights are those of a hidden layer, (n_pre, n_post)."""
    for j in range(g.size):
        total = 0.0
        for i in range(delta.size):
            total += weights[j, i] * delta[i]
        g[j] = total


@part
def run_returned(wires: Wires, weights: np.ndarray, delta: np.ndarray, g: np.ndarray) -> None:
    """g_j = sum over the runs of input j, weights[w] * delta_i."""
    for j in range(g.size):
        total = 0.0
        for r in range(wires.first[j], wires.first[j + 1]):
            for i in range(wires.length[r]):
                total += weights[wires.weight[r] + i] * delta[wires.post[r] + i]
        g[j] = total


hidden_returned = by_topology(dense_hidden_returned, run_returned)


@part
def through_weights(net: Flat, memory: Memory, l: int, work: Scratch, g: np.ndarray) -> None:
    """g_j = sum_i W[i, j] * delta_i of the layer above; delta is the error at the readout, and below it
    delta_i = g_i * psi_i / gate_steps / (2*psi_width): the window of psi as the derivative of a spike, its area 1."""
    if l == net.n.size - 2:
        readout_returned(readout_weights(net, memory), work.error[0], g)
    else:
        first, last = net.neuron[l], net.neuron[l + 1]
        slope = (1 << STATE_SHIFT) / (2.0 * net.psi_width[l] * net.gate_steps)
        delta = work.delta[:last - first]
        for i in range(delta.size):
            delta[i] = work.g[first + i] * work.psi[first + i] * slope
        hidden_returned(net, memory, l + 1, delta, g)


@part
def differences(net: Flat, memory: Memory, label: np.ndarray, work: Scratch) -> None:
    """dhat of every class of all readouts; label: as in `credits`."""
    for r in range(net.d_shift.size):
        d = work.sums_of_steps[0]
        for q in range(d.size):
            d[q] = work.o[r, 0, q] - work.o[r, 1, q]
        if net.baseline:
            above_means(net, memory, label[0], d)
        quantise(memory.d_residual[r], d, net.d_shift[r], (1 << net.d_bits) - 1, work.dhat[r])


@part
def errors(net: Flat, label: np.ndarray, shift: int, error: np.ndarray) -> float:
    """The error of a readout in the place of its sums o; returns its loss. shift: its error_shift."""
    if net.outputs == OF_VALUES:
        return value_error(error, label, shift)
    if net.outputs == OF_LABELS:
        return label_error(error, label, shift)
    return output_error(error, label[0], shift)


@part
def credits(net: Flat, memory: Memory, kind: int, label: np.ndarray, n_trained: int, work: Scratch) -> None:
    """The errors of all readouts, in the place of o, and the update factors y = clip(g*psi / 2^shift, -127, 127) of every layer,
    from the top down.

    kind: of credit (`KINDS`).

    Shapes:
        label: (1,), the class; or (n_out,).
    """
    depth, n_out, loss = net.n.size - 2, net.n[-1], 0.0
    for r in range(net.error_shift.size - 1, -1, -1):  # the loss of the readout, number 0, remains
        loss = errors(net, label, net.error_shift[r], work.error[r])
        shift, first = shift_at(net.y_shift[depth + r], n_trained, net.halve_every, net.max_halvings), first_output(net, r)
        for q in range(n_out):
            work.y[first + q] = min(max(work.error[r, q] / 2.0 ** shift, -TRACE_MAX), TRACE_MAX)
    for l in range(depth, 0, -1):
        first, last = net.neuron[l - 1], net.neuron[l]
        g = work.g[first:last]
        if kind == BACKPROP:
            through_weights(net, memory, l, work, g)
        elif kind == SINGLE_POINT:
            for i in range(g.size):
                g[i] = work.z[first + i] * loss
        else:
            third_factor(feedback_weights(net, memory, l), work.error[net.teacher[l - 1]], g)
        shift = shift_at(net.y_shift[l - 1], n_trained, net.halve_every, net.max_halvings)
        for i in range(last - first):
            y = g[i] * work.psi[first + i] / 2.0 ** shift
            work.y[first + i] = min(max(y, -TRACE_MAX), TRACE_MAX)
