"""The weights of one connection as a matrix inside the flat arrays of the twins."""
from numba import njit


@njit
def hidden_weights(net, memory, l):
    """Weights of hidden layer l, (n_pre, n_post)."""
    return memory.weights[net.weight[l - 1]:net.weight[l]].reshape(net.n[l - 1], net.n[l])


@njit
def readout_weights(net, memory):
    """Weights of the readout, (n_post, n_pre)."""
    return memory.weights[net.weight[-2]:net.weight[-1]].reshape(net.n[-1], net.n[-2])


@njit
def feedback_of(net, memory, l):
    """M of hidden layer l, (n_out, n_hidden)."""
    return memory.feedback[net.feedback[l - 1]:net.feedback[l]].reshape(net.n[-1], net.n[l])
