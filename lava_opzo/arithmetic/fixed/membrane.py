"""Membrane of the spiking neuron: equal to stock `LIF` with du = 4095 when the bias is 0.

Source: lava/proc/lif/models.py, AbstractPyLifModelFixed.subthr_dynamics; docs/arithmetic.md section 3.
Arrays are int32 or int64 of shape (n,); the result has the wider type of the operands.
"""
import numpy as np

from lava_opzo.silicon.profile import STATE_SHIFT, UV_LIMIT


def current(a_in):
    """u = a << 6; if u > 2^23: u - 2^24; elif u <= -2^23: u + 2^24 (one wrap)."""
    u = a_in << STATE_SHIFT
    return u - 2 * UV_LIMIT * (u > UV_LIMIT) + 2 * UV_LIMIT * (u <= -UV_LIMIT)


def leak(v, dv):
    """v = sgn(v) * ((abs(v) * (4096 - dv)) >> 12), towards zero; dv is 12 bit, the product needs int64."""
    decayed = (np.abs(v.astype(np.int64)) * (4096 - dv)) >> 12
    return np.sign(v) * decayed


def charge(v, u, dv, bias):
    """v = clip(leak(v, dv) + u + bias, -(2^23 - 1), 2^23 - 1)."""
    return np.clip(leak(v, dv) + u + bias, -UV_LIMIT + 1, UV_LIMIT - 1)


def integrate(v, a_in, dv, bias):
    """v = charge(v, current(a_in), dv, bias)."""
    return charge(v, current(a_in), dv, bias)


def near_threshold(v, vth, width):
    """1 where abs(v - (vth << 6)) < (width << 6), before the reset: the surrogate gradient as a window."""
    return (np.abs(v - (vth << STATE_SHIFT)) < (width << STATE_SHIFT)).astype(np.int32)


def fire(v, vth):
    """s = [v > (vth << 6)]; v = 0 where s. Returns (s as int32, v after the reset)."""
    s = v > (vth << STATE_SHIFT)
    return s.astype(np.int32), np.where(s, 0, v)
