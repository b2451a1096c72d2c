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


def difference(d_bits, d_shift, residuals, o_plus, o_minus):
    """({"d", "dhat"}, new d_residual) of a readout."""
    d = [p - m for p, m in zip(o_plus, o_minus, strict=True)]
    pairs = [quantise(r, d_q, d_shift, 2 ** d_bits - 1) for r, d_q in zip(residuals, d, strict=True)]
    return {"d": d, "dhat": [quotient for quotient, _ in pairs]}, [rest for _, rest in pairs]


def round_count(count, x_shift, x_max):
    if x_shift == 0:
        return min(count, x_max)
    return min((count + (1 << (x_shift - 1))) >> x_shift, x_max)
