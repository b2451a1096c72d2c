"""The same quantities as in `lava_opzo.arithmetic.fixed`, in the same scales, in real numbers.

Spikes stay binary in both, so counts, their rounding and the quantised difference of the windows are shared; what a synapse
adds is real here (no residual), weights have no rails, M decays by a share instead of a step, and the error is that of a softmax.
"""
