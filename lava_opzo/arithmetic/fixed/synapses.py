"""What a population receives over a connection, and what a connection learns, in integers and over any topology.

The rule is form A: every change of a weight is an even integer, so nothing is rounded (docs/arithmetic.md sections 3 and 5;
lava/magma/core/learning/learning_rule_applier.py, LearningRuleApplierBitApprox). The base cases follow the edges of a topology
literally, so that a new topology is right at once; a registered case is only faster.
"""
from functools import singledispatch

import numpy as np
from scipy.sparse import csr_matrix

from lava_opzo.arithmetic.fixed.quantiser import factor
from lava_opzo.arithmetic.fixed.weights import at_rail, rail
from lava_opzo.silicon.profile import Profile
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.edges import Topology
from lava_opzo.topology.patches import Patches


@singledispatch
def received(topology: Topology, weights: np.ndarray, s: np.ndarray) -> np.ndarray:
    """The synaptic input of every post-synaptic neuron: a_i = sum over the edges e into i of weights[w_e] * s[pre_e].

    Shapes:
        weights: topology.weight_shape. s: (..., n_pre) messages. Returns (..., n_post) of the type of the weights.
    """
    edges = topology.edges()
    a = np.zeros((*s.shape[:-1], topology.n_post), weights.dtype)
    # numpy accepts `...` among the indices, its annotations do not
    np.add.at(a, (..., edges.post), weights.ravel()[edges.w] * s[..., edges.pre])  # pyright: ignore[reportArgumentType]
    return a


@received.register
def _(topology: Dense, weights: np.ndarray, s: np.ndarray) -> np.ndarray:
    if s.ndim > 1:
        return (s.astype(np.float64) @ weights.T.astype(np.float64)).astype(weights.dtype)
    active = np.flatnonzero(s)
    columns, sent = weights[:, active], s[active]
    return (columns.sum(axis=1, dtype=weights.dtype) if (sent == 1).all() else columns @ sent.astype(weights.dtype))


@received.register
def _(topology: Patches, weights: np.ndarray, s: np.ndarray) -> np.ndarray:
    edges = topology.edges()
    if s.ndim == 1:
        met = topology.leaving(np.flatnonzero(s))
        sums = np.bincount(edges.post[met], weights.ravel()[edges.w[met]] * s[edges.pre[met]], topology.n_post)
        return sums.astype(weights.dtype)
    matrix = csr_matrix((weights.ravel()[edges.w], edges.pre, topology.into), (topology.n_post, topology.n_pre))
    return (matrix @ s.reshape(-1, topology.n_pre).T.astype(weights.dtype)).T.reshape(*s.shape[:-1], topology.n_post)


@singledispatch
def learned(topology: Topology, weights: np.ndarray, x0: np.ndarray, y1: np.ndarray, y2: np.ndarray, profile: Profile) -> int:
    """One application of the rule, in place: w = rail(w + 2*y1_i); w = rail(w - 2*y2_i) for the edges whose x0_j is not 0.

    Post-synaptic neurons take their turns in raster order, which counts where they share a weight.

    Shapes:
        weights: topology.weight_shape. x0: (n_pre,). y1, y2: (n_post,) traces. Returns how many of the additions ended at a rail.
    """
    edges, flat, touches = topology.edges(), weights.flat, 0
    for i in np.flatnonzero(y1 | y2):
        into = edges.post == i
        w = edges.w[into][x0[edges.pre[into]] != 0]
        flat[w] = rail(rail(flat[w] + 2 * y1[i], profile) - 2 * y2[i], profile)
        touches += at_rail(flat[w], profile)
    return touches


@learned.register
def _(topology: Dense, weights: np.ndarray, x0: np.ndarray, y1: np.ndarray, y2: np.ndarray, profile: Profile) -> int:
    rows, columns = np.flatnonzero(y1 | y2), np.flatnonzero(x0)
    if rows.size == 0 or columns.size == 0:
        return 0
    block = np.ix_(rows, columns)
    weights[block] = new = rail(rail(weights[block] + 2 * y1[rows, None], profile) - 2 * y2[rows, None], profile)
    return at_rail(new, profile)


@learned.register
def _(topology: Patches, weights: np.ndarray, x0: np.ndarray, y1: np.ndarray, y2: np.ndarray, profile: Profile) -> int:
    edges, active = topology.edges(), y1 | y2
    met = np.sort(topology.leaving(np.flatnonzero(x0)))
    met = met[active[edges.post[met]] != 0]
    w, post = edges.w[met], edges.post[met]
    if not topology.shared:
        weights[w] = new = rail(rail(weights[w] + 2 * y1[post], profile) - 2 * y2[post], profile)
        return at_rail(new, profile)
    return _learned_together(weights, w, post, y1, y2, profile)


def summed(topology: Conv, weights: np.ndarray, residual: np.ndarray, x0: np.ndarray, y1: np.ndarray, y2: np.ndarray,
           profile: Profile) -> int:
    """One application of the rule to shared weights whose changes are added up, in place: c = sum of y1_i - y2_i over the edges
    of w whose x0_j is not 0; (q, residual) = factor(residual, c, sum_shift); w = rail(w + 2*q).

    Shapes:
        weights, residual: topology.weight_shape. x0: (n_pre,). y1, y2: (n_post,) traces. Returns how many weights changed by a
        step and ended at a rail.
    """
    edges, change = topology.edges(), y1.astype(np.int64) - y2
    met = topology.leaving(np.flatnonzero(x0))
    total = np.zeros(weights.size, np.int64)
    np.add.at(total, edges.w[met], change[edges.post[met]])
    q, residual[:] = factor(residual, total.reshape(weights.shape), topology.sum_shift)
    weights[:] = rail(weights + 2 * q, profile)
    return at_rail(weights[q != 0], profile)


def _learned_together(weights: np.ndarray, w: np.ndarray, post: np.ndarray, y1: np.ndarray, y2: np.ndarray,
                      profile: Profile) -> int:
    """Edges in raster order that share weights. Where no order of the additions could end at a rail, their sum is added.

    Shapes:
        weights: any, changed in place. w, post: (edges,). y1, y2: (n_post,).
    """
    change = 2 * (y1 - y2)[post]
    total, size = (np.bincount(w, values, weights.size).astype(weights.dtype).reshape(weights.shape)
                   for values in (change, np.abs(change)))
    safe = (weights + size < profile.weight_max) & (weights - size > profile.weight_min)
    weights += np.where(safe, total, 0).astype(weights.dtype)
    flat, touches = weights.flat, 0
    for edge in np.flatnonzero(~safe.ravel()[w]):
        i = w[edge]
        flat[i] = rail(flat[i] + change[edge], profile)
        touches += at_rail(flat[i], profile)
    return touches
