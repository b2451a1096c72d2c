"""The membrane in real numbers, in the units of lava_opzo.arithmetic.fixed.membrane: 64 to one weight unit."""
import numpy as np

from lava_opzo.arithmetic.fixed.membrane import fire, near_threshold

__all__ = ["fire", "integrate", "near_threshold"]


def integrate(v, a_in, dv, bias):
    """v = v*(1 - dv/4096) + 64*a + bias."""
    return v * (1 - np.asarray(dv) / 4096) + 64 * a_in + bias
