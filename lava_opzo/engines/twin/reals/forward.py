"""Forward windows in real numbers, layer by layer (lava_opzo.arithmetic.real.membrane for one neuron)."""
from numba import njit

from lava_opzo.engines.twin.counts import active
from lava_opzo.engines.twin.synapses import hidden_weights, readout_weights
from lava_opzo.silicon.profile import STATE_SHIFT

SCALE = float(1 << STATE_SHIFT)
"""Membrane units of one weight unit."""


@njit
def weighted_sum(weights, values, index, total):
    """a_i = sum_j weights[j, i] * values_j over the inputs j that are not 0."""
    total[:] = 0.0
    for m in range(active(values, index)):
        row, value = weights[index[m]], float(values[index[m]])
        for i in range(total.size):
            total[i] += row[i] * value


@njit
def step(v, a, dv, amplitude, z, threshold, width, psi, count, spikes):
    """v = v*(1 - dv/4096) + 64*a + amplitude*z; psi, spike, reset and count as in integers."""
    keep = 1.0 - dv / 4096.0
    for i in range(v.size):
        x = v[i] * keep + SCALE * a[i] + amplitude * z[i]
        psi[i] += abs(x - threshold) < width
        fires = x > threshold
        spikes[i] = fires
        count[i] += fires
        v[i] = 0.0 if fires else x


@njit
def hidden_windows(net, memory, l, n_frames, windows, noisy, work):
    """All windows of hidden layer l; leaves psi, count and raster in `work`."""
    n, first = net.n[l], net.neuron[l - 1]
    v, psi, count = work.v[:n], work.psi[first:first + n], work.count[first:first + n]
    psi[:] = 0
    count[:] = 0
    for window in range(windows):
        amplitude = float(net.alpha[l - 1] * (1 - 2 * window)) if noisy else 0.0
        v[:] = 0.0
        for k in range(net.steps):
            t = window * net.steps + k
            a = work.u[k % n_frames if l == 1 else 0, :n]
            if l > 1:
                weighted_sum(hidden_weights(net, memory, l), work.raster[(l - 1) & 1, t, :net.n[l - 1]], work.index, a)
            step(v, a, net.dv[l - 1], amplitude, work.z[first:first + n], float(net.threshold[l - 1]),
                 float(net.psi_width[l - 1]), psi, count, work.raster[l & 1, t, :n])


@njit
def readout_windows(net, memory, windows, work):
    """o_plus, o_minus: sums over the spikes of the top hidden layer."""
    weights, depth = readout_weights(net, memory), net.n.size - 2
    work.o[:] = 0.0
    for window in range(windows):
        for k in range(net.steps):
            spikes = work.raster[depth & 1, window * net.steps + k, :net.n[-2]]
            for q in range(net.n[-1]):
                total = 0.0
                for j in range(spikes.size):
                    total += weights[q, j] * spikes[j]
                work.o[window, q] += total


@njit
def infer(net, memory, frames, windows, noisy, work):
    """The forward windows of one sample; leaves o_plus + o_minus in work.error."""
    for k in range(frames.shape[0]):
        weighted_sum(hidden_weights(net, memory, 1), frames[k], work.index, work.u[k, :net.n[1]])
    for l in range(1, net.n.size - 1):
        hidden_windows(net, memory, l, frames.shape[0], windows, noisy, work)
    readout_windows(net, memory, windows, work)
    for q in range(net.n[-1]):
        work.error[q] = work.o[0, q] + work.o[1, q]
