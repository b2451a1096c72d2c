"""Prediction, error and third factor of docs/arithmetic.md section 4 in plain Python integers."""
from lava_opzo.engines.oracle.integers import ERROR_MAX, V_MAX, clip


def predict(o):
    """Lowest index of the largest output."""
    return o.index(max(o))


def error(o_q, error_shift, is_label):
    return clip(o_q >> error_shift, 0, ERROR_MAX) - ERROR_MAX * int(is_label)


def feedback(row, errors):
    """g_i: the positive parts arrive first and are added, then the negative parts are subtracted."""
    positive = sum(m * max(e, 0) for m, e in zip(row, errors, strict=True))
    negative = sum(m * max(-e, 0) for m, e in zip(row, errors, strict=True))
    return positive - negative


def bounded(g_i, largest_shift, window_steps):
    """The third factor, clipped so that h and the residual beside it fit 24 bits."""
    limit = (V_MAX - 2**largest_shift) // window_steps
    return clip(g_i, -limit, limit)


def split(value):
    """(positive part, negative part), both unsigned."""
    return max(value, 0), max(-value, 0)
