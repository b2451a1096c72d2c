"""The membrane of docs/arithmetic.md section 3 in plain Python integers."""
from lava_opzo.engines.oracle.integers import V_MAX, clip, sgn


def wrap(u):
    """One wrap into -2^23 + 1 .. 2^23."""
    if u > 2**23:
        return u - 2**24
    if u <= -(2**23):
        return u + 2**24
    return u


def current(a):
    """Activation in weight units -> current in membrane units."""
    return wrap(a << 6)


def leak(v, dv):
    """Decay towards zero."""
    return sgn(v) * ((abs(v) * (4096 - dv)) >> 12)


def integrate(v, u, bias, dv):
    """Membrane after leak, current and bias, before the reset."""
    return clip(leak(v, dv) + u + bias, -V_MAX, V_MAX)


def near_threshold(v, vth, psi_width):
    """1 where the membrane, before its reset, lies within psi_width of the threshold."""
    return int(abs(v - (vth << 6)) < (psi_width << 6))


def fire(v, vth, v_floor):
    """(spike, v after the reset and, where v_floor is not 0, at or above -v_floor thresholds)."""
    spike, v = (1, 0) if v > (vth << 6) else (0, v)
    return spike, max(v, -(v_floor * vth << 6)) if v_floor else v


def trace(count, spikes, decay):
    """The trace of a neuron after one more step (section 11)."""
    return ((count * (4096 - decay)) >> 12) + (spikes << 6)


def spread(payload, steps, phase=0):
    """A payload that is given once, as its share in each of the steps of a window."""
    return [(payload * (k + 1) + phase) // steps - (payload * k + phase) // steps for k in range(steps)]
