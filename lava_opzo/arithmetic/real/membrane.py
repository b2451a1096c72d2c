"""The membrane in real numbers, in the units of lava_opzo.arithmetic.fixed.membrane: 64 to one weight unit."""
import numpy as np

from lava_opzo.arithmetic.fixed.membrane import fire, near_threshold
from lava_opzo.silicon.profile import STATE_SHIFT

__all__ = ["balanced", "charge", "current", "fire", "integrate", "leak", "near_threshold"]


def current(a_in: np.ndarray) -> np.ndarray:
    """The synaptic input in membrane units: u = 64*a."""
    return a_in * float(1 << STATE_SHIFT)


def leak(v: np.ndarray, dv: int | np.ndarray) -> np.ndarray:
    """The membrane after its decay: v = v*(1 - dv/4096)."""
    return v * (1 - np.asarray(dv) / 4096)


def balanced(o_plus: np.ndarray, o_minus: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The sums of a readout that goes on from one sample to the next, whose difference begins anew: half of their sum each."""
    half = (o_plus + o_minus) / 2
    return half, half


def charge(v: np.ndarray, u: np.ndarray, dv: int | np.ndarray, bias: float | np.ndarray) -> np.ndarray:
    """The membrane before its reset: v = leak(v, dv) + u + bias."""
    return leak(v, dv) + u + bias


def integrate(v: np.ndarray, a_in: np.ndarray, dv: int | np.ndarray, bias: float | np.ndarray) -> np.ndarray:
    """The membrane before its reset, from the synaptic input: v = charge(v, current(a_in), dv, bias)."""
    return charge(v, current(a_in), dv, bias)
