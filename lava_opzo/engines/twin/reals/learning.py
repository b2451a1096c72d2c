"""Updates of W and M in real numbers: the rules FORWARD and FLOATING_FEEDBACK of lava_opzo.learning.rules."""
import numpy as np
from numba import njit

from lava_opzo.arithmetic.real import DECAY_TRACE
from lava_opzo.engines.twin.counts import round_count
from lava_opzo.engines.twin.synapses import feedback_of, hidden_weights, readout_weights


@njit
def update_weights(net, memory, work):
    """w = w - 2*y_i*x_j in every layer; x from the counts of the layer below, rounded as in integers."""
    depth = net.n.size - 2
    for l in range(1, depth + 2):
        count = work.input_count if l == 1 else work.count[net.neuron[l - 2]:net.neuron[l - 1]]
        y = work.y[net.neuron[l - 1]:net.neuron[l]]
        for j in range(net.n[l - 1]):
            x = 2.0 * round_count(np.int64(count[j]), net.x_shift[l - 1], net.x_max)
            if x != 0.0 and l <= depth:
                row = hidden_weights(net, memory, l)[j]
                for i in range(y.size):
                    row[i] -= x * y[i]
            elif x != 0.0:
                readout_weights(net, memory)[:, j] -= x * y


@njit
def update_feedback(net, memory, n_trained, work):
    """Rows that decay lose the share 2*DECAY_TRACE; then m = m + 2*z_i*dhat_q."""
    for l in range(1, net.n.size - 1):
        feedback, z = feedback_of(net, memory, l), work.z[net.neuron[l - 1]:net.neuron[l]]
        for i in range(z.size):
            if net.decay_period and (n_trained + i) & (net.decay_period - 1) == 0:
                feedback[:, i] -= 2.0 * DECAY_TRACE * feedback[:, i]
        for q in range(work.dhat.size):
            if work.dhat[q] != 0.0:
                for i in range(z.size):
                    feedback[q, i] += 2.0 * z[i] * work.dhat[q]
