"""The part of a network that other tools have: layers of weights, thresholds and leaks, without anything that learns."""

from dataclasses import dataclass, replace

import numpy as np

from lava_opzo.errors import UserError
from lava_opzo.network.checks import check_weights
from lava_opzo.network.network import Config
from lava_opzo.network.state import State


@dataclass(frozen=True, eq=False)
class Layer:
    """weights int32 (n_post, n_pre) in weight units; vth in weight units, None for the readout, which only sums; dv of 4096."""

    weights: np.ndarray
    vth: int | None
    dv: int = 0


@dataclass(frozen=True, eq=False)
class Forward:
    """Hidden layers and readout, bottom first. steps: K of a window, 0 where a file does not say."""

    layers: tuple[Layer, ...]
    steps: int

    def __post_init__(self):
        if len(self.layers) < 2:
            raise UserError(f"network: {len(self.layers)} layer(s) with weights; one hidden layer and a readout are the least")
        for i, layer in enumerate(self.layers, 1):
            n_pre = self.layers[i - 2].weights.shape[0] if i > 1 else layer.weights.shape[1]
            check_weights(f"layer {i}", layer.weights, (layer.weights.shape[0], n_pre))


def forward_of(config: Config, state: State) -> Forward:
    """The forward part of a trained network. Raises UserError for weights that other tools would change (odd ones)."""
    hidden = [Layer(weights, layer.vth, layer.dv) for weights, layer in zip(state.weights, config.hidden)]
    return Forward((*hidden, Layer(state.weights[-1], None)), config.steps)


def with_even_weights(state: State) -> tuple[State, int]:
    """A copy whose odd forward weights, left by touches of the rail at +255, are one unit nearer to zero; and how many there
    were.
    """
    rounded = [weights - np.sign(weights) * (weights & 1) for weights in state.weights]
    return replace(state.copy(), weights=rounded), sum(int(np.count_nonzero(weights & 1)) for weights in state.weights)


def scales(forward: Forward) -> dict[str, str]:
    """Every scale that a reader needs, by name; written into the files and printed."""
    named = {
        "weight unit": "1; weights are even, one step of 8 bits is 2",
        "membrane unit": "1/64 weight unit: v += (W @ s) << 6, spike if v > vth << 6, then v = 0",
        "input": "payload 0..15 in every step",
        "window steps K": str(forward.steps or "not in the file"),
        "readout": "no spikes: argmax over classes of the sum of W @ s over the K steps of a window, lowest index first",
    }
    for i, layer in enumerate(forward.layers, 1):
        kind = "readout" if layer.vth is None else f"vth {layer.vth} weight units, leak dv {layer.dv} of 4096"
        low, high = int(layer.weights.min()), int(layer.weights.max())
        named[f"layer {i}"] = f"{layer.weights.shape[1]} -> {layer.weights.shape[0]}, weights {low}..{high}, {kind}"
    return named
