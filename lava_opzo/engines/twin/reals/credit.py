"""Third factors in real numbers: through M (opzo, dfa), through the weights above (backprop), or the loss alone (single-point)."""
from math import exp, floor, log

import numpy as np
from numba import njit

from lava_opzo.engines.twin.counts import shift_at
from lava_opzo.engines.twin.synapses import feedback_of, hidden_weights, readout_weights
from lava_opzo.silicon.profile import Y_MAX

KINDS = {"opzo": 0, "dfa": 1, "backprop": 2, "single-point": 3}
"""Numbers of lava_opzo.learning.credit.CREDITS inside the compiled loop."""

BACKPROP, SINGLE_POINT = KINDS["backprop"], KINDS["single-point"]


@njit
def output_error(o, label, shift):
    """Replace o by e = 127*(softmax(o / 2^(shift + 4)) - target); returns the loss -log softmax of the label."""
    largest, total = o.max(), 0.0
    for q in range(o.size):
        o[q] = exp((o[q] - largest) / 2.0 ** (shift + 4))
        total += o[q]
    loss = -log(max(o[label] / total, 1e-30))
    for q in range(o.size):
        o[q] = Y_MAX * (o[q] / total - (q == label))
    return loss


@njit
def quantise(residual, d, shift, limit, dhat):
    """q = floor((residual + d) / 2^shift); residual keeps the rest; dhat = clip(q, -limit, limit)."""
    for q in range(d.size):
        total = residual[q] + d[q]
        steps = floor(total / 2.0 ** shift)
        residual[q] = total - steps * 2.0 ** shift
        dhat[q] = min(max(steps, -limit), limit)


@njit
def through_feedback(feedback, error, g):
    """g_i = sum_q M[i, q] * error_q; feedback is (n_out, n_hidden)."""
    g[:] = 0.0
    for q in range(error.size):
        for i in range(g.size):
            g[i] += feedback[q, i] * error[q]


@njit
def through_weights(net, memory, l, work):
    """g_j = sum_i W[i, j] * delta_i of the layer above; delta is the error at the readout, and below it
    delta_i = g_i * psi_i / steps / (2*psi_width): the window of psi as the derivative of a spike, its area 1."""
    g = work.g[net.neuron[l - 1]:net.neuron[l]]
    g[:] = 0.0
    if l == net.n.size - 2:
        weights = readout_weights(net, memory)
        for q in range(net.n[-1]):
            for j in range(g.size):
                g[j] += weights[q, j] * work.error[q]
        return
    weights, first, last = hidden_weights(net, memory, l + 1), net.neuron[l], net.neuron[l + 1]
    slope = 64.0 / (2.0 * net.psi_width[l] * net.windows * net.steps)
    delta = work.g[first:last] * work.psi[first:last] * slope
    for j in range(g.size):
        total = 0.0
        for i in range(delta.size):
            total += weights[j, i] * delta[i]
        g[j] = total


@njit
def credits(net, memory, kind, label, n_trained, work):
    """Error, dhat and the update factors y = clip(g*psi / 2^shift, -127, 127) of every layer, from the top down."""
    depth = net.n.size - 2
    loss = output_error(work.error, label, net.error_shift)
    quantise(memory.d_residual, work.o[0] - work.o[1], net.d_shift, (1 << net.d_bits) - 1, work.dhat)
    for l in range(depth + 1, 0, -1):
        first, last = net.neuron[l - 1], net.neuron[l]
        if l > depth:
            work.g[first:last] = work.error
        elif kind == BACKPROP:
            through_weights(net, memory, l, work)
        elif kind == SINGLE_POINT:
            work.g[first:last] = work.z[first:last] * loss
        else:
            through_feedback(feedback_of(net, memory, l), work.error, work.g[first:last])
        shift = shift_at(net.y_shift[l - 1], n_trained, net.halve_every, net.max_halvings)
        gate = work.psi[first:last] if l <= depth else np.ones(last - first, np.int16)
        for i in range(last - first):
            y = work.g[first + i] * gate[i] / 2.0 ** shift
            work.y[first + i] = min(max(y, -Y_MAX), Y_MAX)
