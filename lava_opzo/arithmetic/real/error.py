"""The error of the readout in real numbers: that of a softmax, in the units of the integer ramp."""
import numpy as np

from lava_opzo.silicon.profile import Y_MAX


def output_error(o, target, shift):
    """e = 127*(softmax(o / 2^(shift + 4)) - target): a unit change of the argument moves the ramp of `fixed` by an eighth."""
    scaled = o / 2.0 ** (shift + 4)
    p = np.exp(scaled - scaled.max())
    return Y_MAX * (p / p.sum() - target)
