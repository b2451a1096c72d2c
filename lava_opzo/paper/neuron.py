"""The spiking neuron of on-line training through time (OTTT): leak, threshold 1, soft reset, and the trace of what it sends."""
from torch import Tensor

THRESHOLD = 1.0
SLOPE = 4.0
"""Steepness of the sigmoid whose derivative stands for that of a spike."""


def charge(membrane: Tensor, current: Tensor, leak: float) -> Tensor:
    """The potential of a step, before its reset: u = leak * v + x."""
    return leak * membrane + current


def fire(potential: Tensor) -> Tensor:
    """Spikes, 0.0 or 1.0: s = [u > 1]."""
    return (potential > THRESHOLD).to(potential.dtype)


def reset(potential: Tensor, spikes: Tensor) -> Tensor:
    """The membrane that the next step begins with, a threshold less where it fired: v = u - s."""
    return potential - THRESHOLD * spikes


def surrogate(potential: Tensor, kind: str, width: float) -> Tensor:
    """What stands for the derivative of a spike: 4 p (1 - p) with p = sigmoid(4 (u - 1)), or the window [|u - 1| < width].

    kind: sigmoid or window.
    """
    if kind == "window":
        return ((potential - THRESHOLD).abs() < width).to(potential.dtype)
    p = (SLOPE * (potential - THRESHOLD)).sigmoid()
    return SLOPE * p * (1 - p)


def trace(kept: Tensor, sent: Tensor, leak: float) -> Tensor:
    """The memory of what a neuron sent, which an update takes in the place of the spikes: r = leak * r + s."""
    return leak * kept + sent
