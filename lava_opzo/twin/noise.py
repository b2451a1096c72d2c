"""`lava_opzo.fixed.noise` for one neuron; docs/arithmetic.md section 3."""
import numpy as np
from numba import njit

from lava_opzo.fixed.noise import TAPS


@njit
def advance(state):
    """s = state >> 1, m = 0xE10000 * (state & 1): state = (s | m) - (s & m)."""
    shifted = np.int32(state >> 1)
    taps = np.int32(TAPS * (state & 1))
    return np.int32((shifted | taps) - (shifted & taps))


@njit
def sign(state):
    """z = 2*(state & 1) - 1."""
    return np.int32(2 * (state & 1) - 1)
