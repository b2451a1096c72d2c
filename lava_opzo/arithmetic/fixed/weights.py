"""The learning rule in form A: every change of a weight is an even integer, so nothing is rounded.

Source: docs/arithmetic.md section 5; lava/magma/core/learning/learning_rule_applier.py, LearningRuleApplierBitApprox.
`weights` is int32 of shape (n_post, n_pre) and is changed in place, in the rows and columns that an update touches.
"""
import numpy as np

from lava_opzo.silicon.profile import WEIGHT_MAX, WEIGHT_MIN


def rail(w):
    """clip(w, -256, 255)."""
    return np.clip(w, WEIGHT_MIN, WEIGHT_MAX)


def update(weights, x0, y1, y2):
    """w = rail(w + 2*y1_i); w = rail(w - 2*y2_i) where x0_j; returns the number of entries at a rail afterwards."""
    rows = np.flatnonzero(y1 | y2)
    columns = np.flatnonzero(x0)
    if rows.size == 0 or columns.size == 0:
        return 0
    block = np.ix_(rows, columns)
    raised = rail(weights[block] + 2 * y1[rows, None])
    lowered = rail(raised - 2 * y2[rows, None])
    weights[block] = lowered
    return int(np.count_nonzero((lowered == WEIGHT_MAX) | (lowered == WEIGHT_MIN)))


def decay_rows(n_neurons, n_trained, period):
    """[(n_trained + i) & (period - 1) == 0], the rows that decay in this sample; none where period is 0."""
    if period == 0:
        return np.zeros(n_neurons, np.int32)
    return ((n_trained + np.arange(n_neurons)) & (period - 1) == 0).astype(np.int32)


def decay(weights, rows):
    """w = rail(w - 2*sgn(w)) in the rows where `rows` is not 0."""
    index = np.flatnonzero(rows)
    weights[index] = rail(weights[index] - 2 * np.sign(weights[index]))
