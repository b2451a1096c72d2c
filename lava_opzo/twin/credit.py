"""`lava_opzo.fixed.credit` for one value; docs/arithmetic.md section 4."""
from numba import njit

from lava_opzo.fixed import Y_MAX


@njit
def predict(o):
    """The lowest q with the largest o_q."""
    best = 0
    for q in range(1, o.size):
        if o[q] > o[best]:
            best = q
    return best


@njit
def output_error(o, is_target, shift):
    """e = clip(o >> shift, 0, 127) - 127*is_target."""
    return min(max(o >> shift, 0), Y_MAX) - Y_MAX * is_target


@njit
def quantise(residual, h, shift, limit):
    """r = residual + h; q = r >> shift; r = r - (q << shift); q = clip(q, -limit, limit). Returns (q, r)."""
    total = residual + h
    q = total >> shift
    return min(max(q, -limit), limit), total - (q << shift)


@njit
def shift_at(base, n_trained, halve_every, max_halvings):
    """base + min(n_trained // halve_every, max_halvings); base where halve_every is 0."""
    if halve_every == 0:
        return base
    return base + min(n_trained // halve_every, max_halvings)


@njit
def round_count(count, shift, x_max):
    """min((count + (1 << (shift - 1))) >> shift, x_max); shift = 0: min(count, x_max)."""
    half = (1 << shift) >> 1
    return min((count + half) >> shift, x_max)
