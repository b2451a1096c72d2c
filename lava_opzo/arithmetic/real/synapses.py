"""What a population receives over a connection, what a connection learns, and the transposed sum, in real numbers."""
from functools import singledispatch

import numpy as np
from scipy.sparse import csr_matrix

from lava_opzo.topology.dense import Dense
from lava_opzo.topology.edges import Topology
from lava_opzo.topology.patches import Patches


@singledispatch
def received(topology: Topology, weights: np.ndarray, s: np.ndarray) -> np.ndarray:
    """The synaptic input of every post-synaptic neuron: a_i = sum over the edges e into i of weights[w_e] * s[pre_e].

    Shapes:
        weights: topology.weight_shape. s: (..., n_pre). Returns float64 (..., n_post).
    """
    edges = topology.edges()
    a = np.zeros((*s.shape[:-1], topology.n_post))
    # numpy accepts `...` among the indices, its annotations do not
    np.add.at(a, (..., edges.post), weights.ravel()[edges.w] * s[..., edges.pre])  # pyright: ignore[reportArgumentType]
    return a


@received.register
def _(topology: Dense, weights: np.ndarray, s: np.ndarray) -> np.ndarray:
    return s.astype(np.float64) @ weights.T.astype(np.float64)


@received.register
def _(topology: Patches, weights: np.ndarray, s: np.ndarray) -> np.ndarray:
    a = _matrix(topology, weights) @ s.reshape(-1, topology.n_pre).T.astype(np.float64)
    return a.T.reshape(*s.shape[:-1], topology.n_post)


def _matrix(topology: Patches, weights: np.ndarray) -> csr_matrix:
    """The weights as a sparse matrix (n_post, n_pre)."""
    edges = topology.edges()
    return csr_matrix((weights.ravel()[edges.w].astype(np.float64), edges.pre, topology.into), (topology.n_post, topology.n_pre))


@singledispatch
def learned(topology: Topology, weights: np.ndarray, x0: np.ndarray, y1: np.ndarray, y2: np.ndarray) -> None:
    """One application of the rule, in place: w = w + 2*(y1_i - y2_i) for the edges whose x0_j is not 0; there are no rails.

    Shapes:
        weights: topology.weight_shape. x0: (n_pre,). y1, y2: (n_post,) traces.
    """
    edges = topology.edges()
    change = 2.0 * (y1 - y2)[edges.post] * (x0[edges.pre] != 0)
    weights += np.bincount(edges.w, change, weights.size).reshape(weights.shape)


@learned.register
def _(topology: Dense, weights: np.ndarray, x0: np.ndarray, y1: np.ndarray, y2: np.ndarray) -> None:
    weights += np.outer(2.0 * (y1 - y2), x0 != 0)


@singledispatch
def returned(topology: Topology, weights: np.ndarray, delta: np.ndarray) -> np.ndarray:
    """The transposed sum, as backpropagation needs it: g_j = sum over the edges e from j of weights[w_e] * delta[post_e].

    Shapes:
        weights: topology.weight_shape. delta: (..., n_post). Returns float64 (..., n_pre).
    """
    edges = topology.edges()
    g = np.zeros((*delta.shape[:-1], topology.n_pre))
    # numpy accepts `...` among the indices, its annotations do not
    np.add.at(g, (..., edges.pre), weights.ravel()[edges.w] * delta[..., edges.post])  # pyright: ignore[reportArgumentType]
    return g


@returned.register
def _(topology: Dense, weights: np.ndarray, delta: np.ndarray) -> np.ndarray:
    return delta @ weights.astype(np.float64)


@returned.register
def _(topology: Patches, weights: np.ndarray, delta: np.ndarray) -> np.ndarray:
    g = _matrix(topology, weights).T @ delta.reshape(-1, topology.n_post).T
    return g.T.reshape(*delta.shape[:-1], topology.n_pre)
