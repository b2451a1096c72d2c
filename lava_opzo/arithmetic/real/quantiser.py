"""Error and update factors in real numbers, in the units of lava_opzo.arithmetic.fixed.quantiser."""
import numpy as np

from lava_opzo.arithmetic.fixed.error import negative, positive, predict
from lava_opzo.arithmetic.fixed.quantiser import round_count, shift_at
from lava_opzo.silicon.profile import Y_MAX

__all__ = ["factor", "negative", "output_error", "positive", "predict", "quantise", "round_count", "shift_at"]




def factor(residual, h, shift):
    """y = h / 2^shift, clipped to 127; nothing is left over. Returns (y, residual)."""
    return np.clip(h / 2.0 ** np.asarray(shift), -Y_MAX, Y_MAX), residual


def quantise(residual, d, shift, limit):
    """q = floor((residual + d) / 2^shift), residual = residual + d - q*2^shift; q clipped. Returns (q, residual)."""
    total = residual + d
    q = np.floor(total / 2.0 ** np.asarray(shift))
    return np.clip(q, -limit, limit), total - q * 2.0 ** np.asarray(shift)
