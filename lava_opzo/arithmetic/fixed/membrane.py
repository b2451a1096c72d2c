"""Membrane of the spiking neuron: equal to stock `LIF` with du = 4095 when the bias is 0.

Source: lava/proc/lif/models.py, AbstractPyLifModelFixed.subthr_dynamics; docs/arithmetic.md section 3.
Arrays are int32 or int64 of shape (n,); the result has the wider type of the operands.
"""
import numpy as np

from lava_opzo.silicon.profile import STATE_LIMIT, STATE_SHIFT


def current(a_in: np.ndarray) -> np.ndarray:
    """The synaptic input in membrane units, wrapped once: u = a << 6; if u > 2^23: u - 2^24; elif u <= -2^23: u + 2^24."""
    u = a_in << STATE_SHIFT
    return u - 2 * STATE_LIMIT * (u > STATE_LIMIT) + 2 * STATE_LIMIT * (u <= -STATE_LIMIT)


def leak(v: np.ndarray, dv: int | np.ndarray) -> np.ndarray:
    """The membrane after its decay towards zero: v = sgn(v) * ((abs(v) * (4096 - dv)) >> 12). The product needs int64."""
    decayed = (np.abs(v.astype(np.int64)) * (4096 - dv)) >> 12
    return np.sign(v) * decayed


def balanced(o_plus: np.ndarray, o_minus: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The sums of a readout that goes on from one sample to the next, whose difference begins anew: o = o_plus + o_minus;
    o_minus = o >> 1; o_plus = o - (o >> 1).
    """
    o = o_plus + o_minus
    return o - (o >> 1), o >> 1


def charge(v: np.ndarray, u: np.ndarray, dv: int | np.ndarray, bias: int | np.ndarray) -> np.ndarray:
    """The membrane before its reset: v = clip(leak(v, dv) + u + bias, -(2^23 - 1), 2^23 - 1)."""
    return np.clip(leak(v, dv) + u + bias, -STATE_LIMIT + 1, STATE_LIMIT - 1)


def integrate(v: np.ndarray, a_in: np.ndarray, dv: int | np.ndarray, bias: int | np.ndarray) -> np.ndarray:
    """The membrane before its reset, from the synaptic input: v = charge(v, current(a_in), dv, bias)."""
    return charge(v, current(a_in), dv, bias)


def near_threshold(v: np.ndarray, vth: int | np.ndarray, width: int | np.ndarray) -> np.ndarray:
    """1 where the membrane is near the threshold, the surrogate gradient as a window: abs(v - (vth << 6)) < (width << 6)."""
    return (np.abs(v - (vth << STATE_SHIFT)) < (width << STATE_SHIFT)).astype(np.int32)


def fire(v: np.ndarray, vth: int | np.ndarray, floor: int) -> tuple[np.ndarray, np.ndarray]:
    """Spikes, and the membrane after the step: s = [v > (vth << 6)]; v = 0 where s; v = max(v, -floor) where floor > 0.

    floor: in membrane units. Returns (s as int32, v).
    """
    s = v > (vth << STATE_SHIFT)
    after = np.where(s, 0, v)
    return s.astype(np.int32), np.maximum(after, -floor) if floor else after
