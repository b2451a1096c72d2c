"""What a pre-synaptic neuron remembers of its spikes where weights learn in every step; docs/arithmetic.md section 11.

Arrays are int32 or int64 of shape (n,). A trace needs 20 bits, its product with 4096 - decay 32.
"""
import numpy as np
from numpy.typing import ArrayLike

from lava_opzo.silicon.profile import STATE_SHIFT

DECAY_BITS = 12


def trace(before: ArrayLike, spikes: ArrayLike, decay: int) -> np.ndarray:
    """The decayed trace with the spikes or payloads of this step, int64: count = ((count * (4096 - decay)) >> 12) + (s << 6)."""
    kept = (np.asarray(before, np.int64) * ((1 << DECAY_BITS) - decay)) >> DECAY_BITS
    return kept + (np.asarray(spikes, np.int64) << STATE_SHIFT)
