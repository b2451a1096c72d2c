"""The floating-point mirror of lava_opzo.arithmetic.fixed: the same quantities in the same scales, in real numbers.

Spikes stay binary in both, so counts, their rounding and the quantised difference of the windows are shared; what a synapse
adds is real here (no residual), weights have no rails, M decays by a share instead of a step, and the error is that of a softmax.
"""
from lava_opzo.arithmetic.real import membrane, quantiser

DECAY_TRACE = 2.0 ** -8
"""y3 of a row that decays: with the 2^1 of the rule it loses a 128th, as a full integer M loses one of its 127 steps."""

__all__ = ["DECAY_TRACE", "credit", "membrane"]
