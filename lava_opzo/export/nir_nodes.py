"""Linear nodes and neurons of a NIR graph: what ours do not have is refused by name, what is rounded is said in a line."""
from collections.abc import Callable
from math import prod

from lava_opzo.errors import UserError
from lava_opzo.export.blocks import channels_last
from lava_opzo.export.forward import Layer
from lava_opzo.export.hdf5 import Group
from lava_opzo.export.topologies import from_matrix, understood
from lava_opzo.export.values import one_value, weight_matrix, whole
from lava_opzo.silicon.limits import LIMITS

DECAY_UNITY = 4096

HARMLESS = ("type", "metadata", "input_type", "output_type")
"""Entries of a node that describe it."""

EXACT = 1e-6
"""Share of a number that its 32 bits may be off."""

CLOSE = 1e-3
"""How far from a whole number a leak may lie for a tau of 32 bits to mean it."""


def read_layer(linear: Group, neurons: Group | None, image: tuple[int, int, int] | None) -> tuple[Layer, list[str]]:
    """(weights with the neurons above them, lines about what is rounded); neurons None: the readout, which only sums.

    image: rows, columns and channels of what a Flatten below made a list of, None where there is none.
    """
    linear.allow(*HARMLESS, "weight")
    weights, patches = weight_matrix(linear.owner, linear.numbers("weight")), None
    if image is not None:
        rows, columns, channels = image
        if rows * columns * channels != weights.shape[1]:
            raise UserError(f"{linear.owner}: {weights.shape[1]} inputs are not the {channels} x {rows} x {columns} neurons "
                            "below; export it again")
        weights = channels_last(image, weights)
    said = linear.group("metadata") if "metadata" in linear.names() else None
    if said is not None and "topology" in said.names():
        patches = understood(linear.owner, said.text("topology"))
        weights = from_matrix(linear.owner, patches, weights)
    if neurons is None:
        return Layer(weights, None, 0, patches), []
    vth, dv, notes = read_neurons(neurons, (patches.n_post if patches else len(weights),))
    return Layer(weights, vth, dv, patches), notes


def read_neurons(neurons: Group, shape: tuple[int, ...], weight: int = 1) -> tuple[int, int, list[str]]:
    """(threshold, leak, lines about what is rounded) of an IF or LIF of this shape.

    weight: of ours where those of the file are 1, which makes the threshold so much larger.
    """
    leaky, n = neurons.text("type") == "LIF", prod(shape)
    neurons.allow(*HARMLESS, "r", "v_threshold", "v_reset", *(("tau", "v_leak") if leaky else ()))

    def value(name: str) -> float:
        found = neurons.numbers(name)
        return float(one_value(neurons.owner, name, found.ravel() if found.shape == shape else found, n))

    if "v_reset" in neurons.names() and value("v_reset") != 0:
        raise UserError(f"{neurons.owner}: v_reset {value('v_reset')} is not 0; a neuron here begins again at 0")
    vth = whole(neurons.owner, "v_threshold", _times(weight, value("v_threshold")), 1, LIMITS.vth_mantissa.number,
                "17 bits; scale threshold and weights")
    dv, notes = _leak(neurons.owner, value) if leaky else (0, [])
    gain = value("tau") if leaky else 1.0
    if abs(value("r") - gain) > EXACT * gain:
        raise UserError(f"{neurons.owner}: r {value('r')} is not {gain}, with which a weight of 1 raises the membrane by 1; "
                        "scale the weights by it")
    return vth, dv, notes


def _times(weight: int, threshold: float) -> float:
    """The threshold of neurons whose weights are so much larger, without the rounding of 32 bits."""
    product = weight * threshold
    return round(product) if weight > 1 and abs(product - round(product)) <= EXACT * max(1.0, product) else product


def _leak(owner: str, value: Callable[[str], float]) -> tuple[int, list[str]]:
    """(leak of 4096, a line where it is not exactly the tau of the file). A step is one unit of time."""
    if value("v_leak") != 0:
        raise UserError(f"{owner}: v_leak {value('v_leak')} is not 0; a neuron here leaks towards 0")
    tau = value("tau")
    if not DECAY_UNITY / LIMITS.decay.number <= tau * (1 + EXACT) or not tau <= DECAY_UNITY * (1 + EXACT):
        raise UserError(f"{owner}: tau {tau} is outside {DECAY_UNITY / LIMITS.decay.number:.4f}..{DECAY_UNITY} steps (12 bits of "
                        "leak); train it with another tau, or with IF neurons for none")
    dv = min(LIMITS.decay.number, max(1, round(DECAY_UNITY / tau)))
    if abs(DECAY_UNITY / tau - dv) <= CLOSE:
        return dv, []
    return dv, [f"{owner}: tau {tau:g} becomes a leak of {dv} of {DECAY_UNITY}, which is a tau of {DECAY_UNITY / dv:.6g}"]
