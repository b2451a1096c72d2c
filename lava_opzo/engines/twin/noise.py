"""`lava_opzo.arithmetic.fixed.noise` for one neuron; docs/arithmetic.md section 3."""
from typing import Any

import numpy as np

from lava_opzo.arithmetic.fixed.noise import TAPS
from lava_opzo.engines.twin.part import part


@part
def advance(state: np.int32) -> np.int32:
    """s = state >> 1, m = 0xE10000 * (state & 1): state = (s | m) - (s & m)."""
    shifted = np.int32(state >> 1)
    taps = np.int32(TAPS * (state & 1))
    return np.int32((shifted | taps) - (shifted & taps))


@part
def sign(state: np.int32) -> np.int32:
    """z = 2*(state & 1) - 1."""
    return np.int32(2 * (state & 1) - 1)


@part
def draw_noise(memory: Any, work: Any) -> None:
    """Advance every generator and take its sign."""
    for i in range(memory.z_state.size):
        memory.z_state[i] = advance(memory.z_state[i])
        work.z[i] = sign(memory.z_state[i])
