"""From the readout's sums to its prediction, its error and the two unsigned parts that travel (docs/arithmetic.md section 4)."""
import numpy as np

from lava_opzo.silicon.profile import Y_MAX


def predict(o):
    """The lowest q with the largest o_q."""
    return int(np.argmax(o))


def output_error(o, target, shift):
    """e_q = clip(o_q >> shift, 0, 127) - 127*target_q; target is the label as a one-hot vector."""
    return np.clip(o >> shift, 0, Y_MAX) - Y_MAX * target


def positive(x):
    """max(x, 0): the part of a signed value that an unsigned channel carries first."""
    return np.maximum(x, 0)


def negative(x):
    """max(-x, 0): the part that follows."""
    return np.maximum(-x, 0)
