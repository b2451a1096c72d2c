"""Prediction, error and third factor of docs/arithmetic.md section 4 in plain Python integers."""
from lava_opzo.engines.oracle.integers import ERROR_MAX, V_MAX, clip

HALF = 64


def predict(o):
    """Lowest index of the largest output."""
    return o.index(max(o))


def answer(o, error_shift, kind):
    """The class, or one number an output: whether it says yes, or its value."""
    if kind == "classes":
        return predict(o)
    if kind == "labels":
        return [int(o_q >> error_shift >= HALF) for o_q in o]
    return [clip(o_q >> error_shift, -ERROR_MAX, ERROR_MAX) for o_q in o]


def error(o_q, error_shift, target, kind="classes"):
    """target: of this output; 0 or 1, or of kind values a number -127..127."""
    if kind == "values":
        return clip((o_q >> error_shift) - target, -ERROR_MAX, ERROR_MAX)
    return clip(o_q >> error_shift, 0, ERROR_MAX) - ERROR_MAX * target


def targets(label, n_out, kind):
    """What a sample teaches every output, from its class or from one number an output."""
    return [int(q == label) for q in range(n_out)] if kind == "classes" else label


def errors(readout, o, label):
    """The error of every output of a readout; the class -1 is no label."""
    if readout["kind"] == "classes" and label == -1:
        return [0] * len(o)
    wanted = targets(label, readout["n"], readout["kind"])
    return [error(o_q, readout["error_shift"], t, readout["kind"]) for o_q, t in zip(o, wanted, strict=True)]


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
