"""What sending the error back costs, counted from shapes: operations of a sample, and bits that a network holds for it.

Run: `python -m benchmarks.error_cost`; nothing is measured. Every neuron of a layer counts its whole fan-in, also at the rim of
an image; the bias line is left out. Spatial backpropagation has one error a sample, as the others do, and goes back through the
weights above the first layer, which a chip has to hold once more, as no synapse there is read backwards. Widths of
docs/neuron_programs.md.
"""
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from lava_opzo.experiment.layers import parse_layers, wired
from lava_opzo.network.connections import Wiring

IMAGE, CLASSES, D_BITS = (28, 28, 1), 10, 3
NETWORKS = {"784-200-200-10": "200,200", "784-800-800-10": "800,800", "28x28, 16 channels 7x7 stride 2, 10": "16c7s2"}

WEIGHT = 8
"""Bits of an entry of W, of its copy and of M."""

HIDDEN, READOUT = 24 + 11 + 11 + 8 + 23, 24 + 8 + 8 + 23
"""Bits of a neuron whatever the credit: v, count, psi, y and its residual; sum, error, y and its residual."""

NOISE, SECOND = 24, 24 + (D_BITS + 1) + 23
"""Bits that OPZO adds: the register of a hidden neuron; the second sum of a readout, dhat and its residual."""


@dataclass(frozen=True)
class Cost:
    """Of one network. weights, upper: all W, and those above the first layer. forward: products of one step. back: of the error,
    through the upper W. entries: of all M. hidden: neurons.
    """

    weights: int
    upper: int
    forward: int
    back: int
    entries: int
    hidden: int


def cost(wiring: Sequence[Wiring]) -> Cost:
    """Counts of a chain of topologies, the readout's last."""
    products = [topology.n_post * topology.fan_in for topology in wiring]
    hidden = sum(topology.n_post for topology in wiring[:-1])
    weights = [prod(topology.weight_shape) for topology in wiring]
    return Cost(sum(weights), sum(weights[1:]), sum(products), sum(products[1:]), hidden * wiring[-1].n_post, hidden)


def kilobits(bits: int) -> str:
    """In thousands."""
    return f"{bits / 1000:,.0f}"


def tables() -> str:
    """Both tables in Markdown."""
    counted = {name: cost(wired(parse_layers(words), IMAGE, prod(IMAGE), CLASSES)) for name, words in NETWORKS.items()}
    lines = ["| network | forward, a step | backpropagation: operations, and entries read the other way round | DFA: operations "
             "and entries of M | OPZO beside DFA |", "|---|---|---|---|---|"]
    lines += [f"| {name} | {one.forward:,} | {one.back:,}; {one.upper:,} of W | {one.entries:,}; {one.entries:,} | "
              f"{one.entries:,} additions to M, {one.hidden:,} signs of noise, a second window of K steps forward |"
              for name, one in counted.items()]
    lines += ["", "| network, thousands of bits | W | neurons, whatever the credit | backpropagation: W above the first layer "
              "once more | DFA: M | OPZO: M, registers of noise, second sums |", "|---|---|---|---|---|---|"]
    lines += [f"| {name} | {kilobits(WEIGHT * one.weights)} | {kilobits(HIDDEN * one.hidden + READOUT * CLASSES)} | "
              f"{kilobits(WEIGHT * one.upper)} | {kilobits(WEIGHT * one.entries)} | "
              f"{kilobits(WEIGHT * one.entries + NOISE * one.hidden + SECOND * CLASSES)} |" for name, one in counted.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    print(tables())
