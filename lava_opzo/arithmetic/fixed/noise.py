"""One random sign per neuron and sample, from a 24-bit Galois shift register per neuron.

Only and, or, shift, add and multiply on 24 bits: what a Loihi 2 neuron program can do. The feedback polynomial
x^24 + x^23 + x^22 + x^17 + 1 is primitive, so every non-zero state returns after 2^24 - 1 samples.
Source: docs/arithmetic.md section 3.
"""
import numpy as np

TAPS = 0xE10000


def advance(state: np.ndarray) -> np.ndarray:
    """The next state of each generator: s = state >> 1; m = 0xE10000 * (state & 1); state = (s | m) - (s & m).

    That is s xor m.
    """
    shifted, taps = state >> 1, TAPS * (state & 1)
    return (shifted | taps) - (shifted & taps)


def sign(state: np.ndarray) -> np.ndarray:
    """The random sign of each generator: z = 2*(state & 1) - 1."""
    return 2 * (state & 1) - 1
