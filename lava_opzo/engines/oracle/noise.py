"""The noise of docs/arithmetic.md section 3 in plain Python integers."""
from lava_opzo.engines.oracle.integers import REGISTER_TAPS


def advance_register(z_state):
    """One step of the Galois shift register: s ^ m, written as (s | m) - (s & m)."""
    shifted = z_state >> 1
    mask = REGISTER_TAPS * (z_state & 1)
    return (shifted | mask) - (shifted & mask)


def noise_sign(z_state):
    """+1 or -1: the lowest bit of the advanced register."""
    return 2 * (z_state & 1) - 1
