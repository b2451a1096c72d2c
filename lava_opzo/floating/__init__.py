"""The floating-point mirror of lava_opzo.fixed: the same quantities in the same scales, in real numbers.

Spikes stay binary in both, so counts, their rounding and the quantised difference of the windows are shared; what a synapse
adds is real here (no residual), weights have no rails, and the error is that of a softmax.
"""
from lava_opzo.floating import credit, membrane

DECAY_TRACE = 1
"""y3 of a row that decays: the product sgn(w)*y3 is not shifted in stock Lava's floating-point model."""

__all__ = ["DECAY_TRACE", "credit", "membrane"]
