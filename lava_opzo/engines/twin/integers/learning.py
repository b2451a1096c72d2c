"""The feedback phase of one sample, layer by layer (docs/arithmetic.md sections 4 and 5)."""
import numpy as np
from numba import njit

from lava_opzo.engines.twin.integers.quantiser import quantise
from lava_opzo.engines.twin.integers.weights import (
    add_steps,
    add_steps_off_rails,
    decay,
    largest_size,
)
from lava_opzo.silicon.profile import WEIGHT_MAX, Y_MAX


@njit
def third_factor(feedback, error, g):
    """g_i = sum_q M[i,q]*error_q, the positive minus the negative part; feedback is (n_out, n_hidden)."""
    g[:] = 0
    for q in range(error.size):
        e = np.int32(error[q])
        if e != 0:
            row = feedback[q]
            for i in range(g.size):
                g[i] += row[i] * e


@njit
def credit(h, residual, shift, steps):
    """The residual quantiser; writes steps_i = -2*y_i, the change of weight i per eligibility spike, as int16.

    Returns the largest |h| and the largest |residual + h|.
    """
    largest_h = largest_r = 0
    for i in range(h.size):
        largest_h = max(largest_h, abs(np.int64(h[i])))
        largest_r = max(largest_r, abs(np.int64(residual[i]) + np.int64(h[i])))
        y, rest = quantise(np.int64(residual[i]), np.int64(h[i]), shift, Y_MAX)
        residual[i] = np.int32(rest)
        steps[i] = np.int16(-2 * y)
    return largest_h, largest_r


@njit
def update_columns(weights, reach, x, steps):
    """W update of a hidden layer, weights (n_pre, n_post): row j changes x_j times. Returns the number of rail touches.

    reach: an upper bound of every row's |w|. Rails are looked at only in rows where it says that they may be reached.
    """
    touches, stride = 0, largest_size(steps)
    if stride == 0:
        return 0
    for j in range(x.size):
        if x[j] > 0:
            reach[j] += x[j] * stride
            if reach[j] < WEIGHT_MAX:
                add_steps_off_rails(weights[j], steps, x[j])
            else:
                for _ in range(x[j]):
                    touches += add_steps(weights[j], steps)
                reach[j] = largest_size(weights[j])
    return touches


@njit
def update_rows(weights, x, x_max, steps, change):
    """W update of the readout, weights (n_post, n_pre); `change` is int16 scratch (n_pre,). Returns the number of rail touches."""
    touches = 0
    for q in range(steps.size):
        if steps[q] != 0:
            for rank in range(1, x_max + 1):
                for j in range(x.size):
                    change[j] = np.int16(steps[q]) if x[j] >= rank else np.int16(0)
                touches += add_steps(weights[q], change)
    return touches


@njit
def decay_rows(feedback, n_trained, period):
    """Neurons i with (n_trained + i) & (period - 1) == 0 lose one step of M; feedback is (n_out, n_hidden)."""
    if period == 0:
        return
    for i in range(-n_trained & (period - 1), feedback.shape[1], period):
        for q in range(feedback.shape[0]):
            feedback[q, i] = np.int16(decay(np.int64(feedback[q, i])))


@njit
def update_feedback(feedback, dhat, z, d_bits, change):
    """M update, bit after bit of |dhat|; feedback is (n_out, n_hidden), `change` int16 scratch (n_hidden,).

    A column sees one sign of dhat only, so columns may go one after the other. Returns the number of rail touches.
    """
    touches = 0
    for q in range(dhat.size):
        size = abs(dhat[q])
        for bit in range(d_bits):
            if (size >> bit) & 1:
                unit = np.int16((2 << bit) * np.sign(dhat[q]))
                for i in range(z.size):
                    change[i] = np.int16(unit * z[i])
                touches += add_steps(feedback[q], change)
    return touches
