"""Nodes of a NIR graph as layers: whatever our neurons do not have is refused by name, whatever is rounded is said in a line."""
from collections.abc import Callable

from lava_opzo.errors import UserError
from lava_opzo.export.forward import Layer
from lava_opzo.export.hdf5 import Group
from lava_opzo.export.values import one_value, weight_matrix, whole
from lava_opzo.silicon.limits import LIMITS

DECAY_UNITY = 4096

HARMLESS = ("type", "metadata", "input_type", "output_type")
"""Entries of a node that describe it."""

CLOSE = 1e-3
"""How far from a whole number a leak may lie for a tau of 32 bits to mean it."""


def read_layer(linear: Group, neurons: Group | None) -> tuple[Layer, list[str]]:
    """(weights with the neurons above them, lines about what is rounded); neurons None: the readout, which only sums."""
    linear.allow(*HARMLESS, "weight")
    weights = weight_matrix(linear.owner, linear.numbers("weight"))
    if neurons is None:
        return Layer(weights, None), []
    leaky = neurons.text("type") == "LIF"
    neurons.allow(*HARMLESS, "r", "v_threshold", "v_reset", *(("tau", "v_leak") if leaky else ()))

    def value(name: str) -> float:
        return float(one_value(neurons.owner, name, neurons.numbers(name), weights.shape[0]))

    if "v_reset" in neurons.names() and value("v_reset") != 0:
        raise UserError(f"{neurons.owner}: v_reset {value('v_reset')} is not 0; a neuron here begins again at 0")
    vth = whole(neurons.owner, "v_threshold", value("v_threshold"), 1, LIMITS.vth_mantissa.number,
                "17 bits; scale threshold and weights")
    dv, notes = _leak(neurons.owner, value) if leaky else (0, [])
    gain = value("tau") if leaky else 1.0
    if abs(value("r") - gain) > 1e-6 * gain:
        raise UserError(f"{neurons.owner}: r {value('r')} is not {gain}, with which a weight of 1 raises the membrane by 1; "
                        "scale the weights by it")
    return Layer(weights, vth, dv), notes


def _leak(owner: str, value: Callable[[str], float]) -> tuple[int, list[str]]:
    """(leak of 4096, a line where it is not exactly the tau of the file). A step is one unit of time."""
    if value("v_leak") != 0:
        raise UserError(f"{owner}: v_leak {value('v_leak')} is not 0; a neuron here leaks towards 0")
    tau = value("tau")
    if not DECAY_UNITY / LIMITS.decay.number <= tau * (1 + 1e-6) or not tau <= DECAY_UNITY * (1 + 1e-6):
        raise UserError(f"{owner}: tau {tau} is outside {DECAY_UNITY / LIMITS.decay.number:.4f}..{DECAY_UNITY} steps (12 bits of "
                        "leak); train it with another tau, or with IF neurons for none")
    dv = min(LIMITS.decay.number, max(1, round(DECAY_UNITY / tau)))
    if abs(DECAY_UNITY / tau - dv) <= CLOSE:
        return dv, []
    return dv, [f"{owner}: tau {tau:g} becomes a leak of {dv} of {DECAY_UNITY}, which is a tau of {DECAY_UNITY / dv:.6g}"]
