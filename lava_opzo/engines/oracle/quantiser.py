"""Residual quantiser and rounded counts of docs/arithmetic.md section 4 in plain Python integers."""
from lava_opzo.engines.oracle.integers import clip


def shift_at(y_shift, n_trained, halve_every, max_halvings):
    if halve_every == 0:
        return y_shift
    return y_shift + min(n_trained // halve_every, max_halvings)


def quantise(residual, value, shift, limit):
    """(clipped quotient, new residual); what the clip cuts off is lost."""
    r = residual + value
    quotient = r >> shift
    return clip(quotient, -limit, limit), r - (quotient << shift)


def round_count(count, x_shift, x_max):
    if x_shift == 0:
        return min(count, x_max)
    return min((count + (1 << (x_shift - 1))) >> x_shift, x_max)
