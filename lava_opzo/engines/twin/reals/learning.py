"""Updates of W and M in real numbers: the rules FORWARD and REAL_FEEDBACK of lava_opzo.learning.rules."""
import numpy as np

from lava_opzo.arithmetic.numbers import REAL_DECAY_TRACE
from lava_opzo.engines.twin.counts import eligibility
from lava_opzo.engines.twin.layout import Flat
from lava_opzo.engines.twin.part import part
from lava_opzo.engines.twin.reals.memory import Memory, Scratch
from lava_opzo.engines.twin.synapses import Wires, auxiliary_weights, by_topology, feedback_weights, first_output, readout_weights


@part
def dense_columns(weights: np.ndarray, x: np.ndarray, y: np.ndarray, scale: float) -> None:
    """w = w - 2*scale*y_i*x_j in a hidden layer, weights (n_pre, n_post)."""
    for j in range(x.size):
        if x[j] > 0:
            row, change = weights[j], 2.0 * scale * x[j]
            for i in range(y.size):
                row[i] -= change * y[i]


@part
def run_columns(wires: Wires, weights: np.ndarray, x: np.ndarray, y: np.ndarray, scale: float) -> None:
    """w = w - 2*scale*y_i*x_j in a hidden layer, run by run."""
    for j in range(x.size):
        if x[j] > 0:
            change = 2.0 * scale * x[j]
            for r in range(wires.first[j], wires.first[j + 1]):
                post, w = wires.post[r], wires.weight[r]
                for i in range(wires.length[r]):
                    weights[w + i] -= change * y[post + i]


@part
def dense_rows(weights: np.ndarray, x: np.ndarray, y: np.ndarray) -> None:
    """w = w - 2*y_i*x_j in a readout, weights (n_post, n_pre)."""
    for q in range(y.size):
        row = weights[q]
        for j in range(x.size):
            row[j] -= 2.0 * x[j] * y[q]


@part
def dense_feedback(feedback: np.ndarray, z: np.ndarray, dhat: np.ndarray, n_trained: int, period: int) -> None:
    """Rows of M that decay lose the share 2*REAL_DECAY_TRACE; then m = m + 2*z_i*dhat_q; feedback is (n_out, n_hidden)."""
    for i in range(z.size):
        if period and (n_trained + i) & (period - 1) == 0:
            for q in range(dhat.size):
                feedback[q, i] -= 2.0 * REAL_DECAY_TRACE * feedback[q, i]
    for q in range(dhat.size):
        if dhat[q] != 0.0:
            for i in range(z.size):
                feedback[q, i] += 2.0 * z[i] * dhat[q]


learned_columns = by_topology(dense_columns, run_columns)


@part
def update_layer(net: Flat, memory: Memory, l: int, x: np.ndarray, work: Scratch) -> None:
    """W of layer l, whose sources have eligibility x, where it is not frozen."""
    if net.frozen[l - 1]:
        return
    y = work.y[net.neuron[l - 1]:net.neuron[l]]
    if l <= net.n.size - 2:
        learned_columns(net, memory, l, x, y, 0.5 ** net.sum_shift[l - 1])
    else:
        dense_rows(readout_weights(net, memory), x, y)


@part
def update_weights(net: Flat, memory: Memory, work: Scratch) -> None:
    """W of every layer that is not frozen."""
    for l in range(1, net.n.size):
        update_layer(net, memory, l, eligibility(net, work, l), work)


@part
def update_auxiliary(net: Flat, memory: Memory, work: Scratch) -> None:
    """A of every auxiliary readout that is not frozen."""
    depth = net.n.size - 2
    for l in range(1, depth):
        r = net.reader[l - 1]
        if r > 0 and not net.frozen[depth + r]:
            first, x = first_output(net, r), eligibility(net, work, l + 1)
            dense_rows(auxiliary_weights(net, memory, r, l), x, work.y[first:first + net.n[-1]])


@part
def update_feedback(net: Flat, memory: Memory, n_trained: int, work: Scratch) -> None:
    """M of every hidden layer that is not frozen."""
    for l in range(1, net.n.size - 1):
        if net.frozen[l - 1]:
            continue
        z = work.z[net.neuron[l - 1]:net.neuron[l]]
        dense_feedback(feedback_weights(net, memory, l), z, work.dhat[net.teacher[l - 1]], n_trained, net.decay_period)
