"""Error and update factors in real numbers, in the units of lava_opzo.fixed.credit."""
import numpy as np

from lava_opzo.fixed import Y_MAX
from lava_opzo.fixed.credit import negative, positive, predict, round_count, shift_at

__all__ = ["factor", "negative", "output_error", "positive", "predict", "quantise", "round_count", "shift_at"]


def output_error(o, target, shift):
    """e = 127*(softmax(o / 2^(shift + 4)) - target): a unit change of the argument moves the ramp of `fixed` by an eighth."""
    scaled = o / 2.0 ** (shift + 4)
    p = np.exp(scaled - scaled.max())
    return Y_MAX * (p / p.sum() - target)


def factor(residual, h, shift):
    """y = h / 2^shift, clipped to 127; nothing is left over. Returns (y, residual)."""
    return np.clip(h / 2.0 ** np.asarray(shift), -Y_MAX, Y_MAX), residual


def quantise(residual, d, shift, limit):
    """q = floor((residual + d) / 2^shift), residual = residual + d - q*2^shift; q clipped. Returns (q, residual)."""
    total = residual + d
    q = np.floor(total / 2.0 ** np.asarray(shift))
    return np.clip(q, -limit, limit), total - q * 2.0 ** np.asarray(shift)
