"""`lava_opzo.arithmetic.fixed.quantiser` for one value; docs/arithmetic.md section 4."""
from numba import njit

from lava_opzo.silicon.profile import Y_MAX


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




