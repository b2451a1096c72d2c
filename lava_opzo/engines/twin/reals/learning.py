"""Updates of W and M in real numbers: the rules FORWARD and REAL_FEEDBACK of lava_opzo.learning.rules."""
import numpy as np
from numba import njit

from lava_opzo.arithmetic.numbers import REAL_DECAY_TRACE
from lava_opzo.engines.twin.counts import eligibility
from lava_opzo.engines.twin.layout import Flat
from lava_opzo.engines.twin.reals.memory import Memory, Scratch
from lava_opzo.engines.twin.synapses import by_topology, feedback_weights, hidden_weights, readout_weights


@njit
def dense_columns(weights: np.ndarray, x: np.ndarray, y: np.ndarray) -> None:
    """w = w - 2*y_i*x_j in a hidden layer, weights (n_pre, n_post)."""
    for j in range(x.size):
        if x[j] > 0:
            row, change = weights[j], 2.0 * x[j]
            for i in range(y.size):
                row[i] -= change * y[i]


@njit
def dense_rows(weights: np.ndarray, x: np.ndarray, y: np.ndarray) -> None:
    """w = w - 2*y_i*x_j in the readout, weights (n_post, n_pre)."""
    for j in range(x.size):
        if x[j] > 0:
            weights[:, j] -= 2.0 * x[j] * y


@njit
def dense_feedback(feedback: np.ndarray, z: np.ndarray, dhat: np.ndarray, n_trained: int, period: int) -> None:
    """Rows of M that decay lose the share 2*REAL_DECAY_TRACE; then m = m + 2*z_i*dhat_q; feedback is (n_out, n_hidden)."""
    for i in range(z.size):
        if period and (n_trained + i) & (period - 1) == 0:
            feedback[:, i] -= 2.0 * REAL_DECAY_TRACE * feedback[:, i]
    for q in range(dhat.size):
        if dhat[q] != 0.0:
            for i in range(z.size):
                feedback[q, i] += 2.0 * z[i] * dhat[q]


learned_columns, learned_rows, learned_feedback = by_topology(dense_columns), by_topology(dense_rows), by_topology(dense_feedback)


@njit
def update_weights(net: Flat, memory: Memory, work: Scratch) -> None:
    """W of every layer."""
    depth = net.n.size - 2
    for l in range(1, depth + 2):
        kind, x, y = net.kind[l - 1], eligibility(net, work, l), work.y[net.neuron[l - 1]:net.neuron[l]]
        if l <= depth:
            learned_columns(kind, hidden_weights(net, memory, l), x, y)
        else:
            learned_rows(kind, readout_weights(net, memory), x, y)


@njit
def update_feedback(net: Flat, memory: Memory, n_trained: int, work: Scratch) -> None:
    """M of every hidden layer."""
    for l in range(1, net.n.size - 1):
        z = work.z[net.neuron[l - 1]:net.neuron[l]]
        learned_feedback(net.feedback_kind[l - 1], feedback_weights(net, memory, l), z, work.dhat, n_trained, net.decay_period)
