"""One sample of the whole network: inference, then learning (docs/arithmetic.md sections 3 to 5)."""

import numpy as np
from numba import njit

from lava_opzo.engines.twin.counts import active, predict, round_count, shift_at
from lava_opzo.engines.twin.integers.forward import (
    payload_sum,
    spike_sum,
    step,
    to_current,
)
from lava_opzo.engines.twin.integers.learning import (
    credit,
    decay_rows,
    third_factor,
    update_columns,
    update_feedback,
    update_rows,
)
from lava_opzo.engines.twin.integers.quantiser import output_error, quantise
from lava_opzo.engines.twin.integers.scratch import A, D, H, O, R, V
from lava_opzo.engines.twin.synapses import feedback_of, hidden_weights, readout_weights


@njit
def input_currents(net, memory, frames, work, largest_a):
    """Currents of layer 1, one row of work.u per frame: they do not depend on the window. Returns the largest |a|."""
    weights = hidden_weights(net, memory, 1)
    for k in range(frames.shape[0]):
        row = work.u[k, :net.n[1]]
        payload_sum(weights, frames[k], work.index, active(frames[k], work.index), row)
        largest_a = to_current(row, largest_a)
    return largest_a


@njit
def hidden_windows(net, memory, l, n_frames, windows, noisy, work, largest):
    """All windows of hidden layer l; leaves its psi, count and raster in `work`."""
    n, first = net.n[l], net.neuron[l - 1]
    v, bias, partial = work.v[:n], work.bias[:n], work.partial[:n]
    psi, count = work.psi[first:first + n], work.count[first:first + n]
    psi[:] = 0
    count[:] = 0
    threshold, width = np.int32(net.threshold[l - 1]), np.int32(net.psi_width[l - 1])
    for window in range(windows):
        amplitude = net.alpha[l - 1] * (1 - 2 * window) if noisy else 0
        for i in range(n):
            bias[i] = np.int32(amplitude * work.z[first + i]) if noisy else np.int32(0)
        v[:] = 0
        for k in range(net.steps):
            t = window * net.steps + k
            if l == 1:
                u = work.u[k % n_frames, :n]
            else:
                u = work.u[0, :n]
                n_active = active(work.raster[(l - 1) & 1, t, :net.n[l - 1]], work.index)
                spike_sum(hidden_weights(net, memory, l), work.index, n_active, partial, u)
                largest[l - 1, A] = to_current(u, largest[l - 1, A])
            spikes = work.raster[l & 1, t, :n]
            largest_v = step(v, u, bias, net.dv[l - 1], threshold, width, psi, count, spikes)
            largest[l - 1, V] = max(largest[l - 1, V], largest_v)
        if window == 0:
            work.window_count[:n] = count


@njit
def readout_windows(net, memory, windows, work):
    """o_plus and o_minus: the readout is linear, so the spike counts of a window stand for its steps."""
    weights = readout_weights(net, memory)
    n, first = net.n[-2], net.neuron[-3]
    for q in range(net.n[-1]):
        row, o_plus, o_both = weights[q], np.int64(0), np.int64(0)
        for j in range(n):
            o_plus += np.int32(row[j]) * np.int32(work.window_count[j])
        for j in range(n):
            o_both += np.int32(row[j]) * np.int32(work.count[first + j])
        work.o[0, q] = o_plus
        work.o[1, q] = o_both - o_plus if windows == 2 else 0


@njit
def infer(net, memory, frames, windows, noisy, work, largest):
    """The forward windows; returns the prediction."""
    largest[0, A] = input_currents(net, memory, frames, work, largest[0, A])
    for l in range(1, net.n.size - 1):
        hidden_windows(net, memory, l, frames.shape[0], windows, noisy, work, largest)
    readout_windows(net, memory, windows, work)
    for q in range(net.n[-1]):
        work.error[q] = work.o[0, q] + work.o[1, q]
        largest[-1, O] = max(largest[-1, O], abs(work.error[q]))
    return predict(work.error)




@njit
def credits(net, memory, label, n_trained, work, largest):
    """Error, dhat, and the steps -2*y of every layer."""
    n_out, depth = net.n[-1], net.n.size - 2
    for q in range(n_out):
        work.error[q] = output_error(work.error[q], q == label, net.error_shift)
        d = work.o[0, q] - work.o[1, q]
        largest[-1, D] = max(largest[-1, D], abs(d))
        work.dhat[q], rest = quantise(np.int64(memory.d_residual[q]), d, net.d_shift, (1 << net.d_bits) - 1)
        memory.d_residual[q] = np.int32(rest)
    for l in range(1, depth + 2):
        first, last = net.neuron[l - 1], net.neuron[l]
        g = work.g[:net.n[l]]
        if l <= depth:
            third_factor(feedback_of(net, memory, l), work.error, g)
            for i in range(g.size):
                g[i] = np.int32(g[i] * work.psi[first + i])
        else:
            for q in range(n_out):
                g[q] = np.int32(work.error[q])
        shift = shift_at(net.y_shift[l - 1], n_trained, net.halve_every, net.max_halvings)
        h, r = credit(g, memory.y_residual[first:last], shift, work.steps[first:last])
        if l <= depth:
            largest[l - 1, H] = max(largest[l - 1, H], h)
            largest[l - 1, R] = max(largest[l - 1, R], r)


@njit
def update_weights(net, memory, work, touches):
    """W of every layer; x of a layer comes from the counts of the layer below."""
    depth = net.n.size - 2
    for l in range(1, depth + 2):
        n_pre = net.n[l - 1]
        x, steps = work.x[:n_pre], work.steps[net.neuron[l - 1]:net.neuron[l]]
        count = work.input_count if l == 1 else work.count[net.neuron[l - 2]:net.neuron[l - 1]]
        for j in range(n_pre):
            x[j] = np.int16(round_count(np.int64(count[j]), net.x_shift[l - 1], net.x_max))
        if l <= depth:
            touches[l - 1] += update_columns(hidden_weights(net, memory, l), memory.reach[net.source[l - 1]:net.source[l]], x, steps)
        else:
            touches[l - 1] += update_rows(readout_weights(net, memory), x, net.x_max, steps, work.change[:n_pre])


@njit
def update_all_feedback(net, memory, n_trained, work, touches):
    """M of every hidden layer: decay, then dhat."""
    for l in range(1, net.n.size - 1):
        feedback = feedback_of(net, memory, l)
        decay_rows(feedback, n_trained, net.decay_period)
        z = work.z[net.neuron[l - 1]:net.neuron[l]]
        touches[l - 1] += update_feedback(feedback, work.dhat, z, net.d_bits, work.change[:z.size])
