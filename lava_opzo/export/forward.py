"""The part of a network that other tools have: layers of weights, thresholds and leaks, without anything that learns."""
import hashlib
import json
from dataclasses import dataclass

import numpy as np

from lava_opzo.errors import UserError
from lava_opzo.network.checks import check_weights
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.silicon.profile import STOCK_LAVA
from lava_opzo.topology.dense import Dense

MOST_STEPS = 1024
"""Most steps of a window (lava_opzo.learning.learning)."""


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer of weights and the neurons above it.

    vth: in weight units, None for the readout, which only sums. dv: leak, of 4096.

    Shapes:
        weights: int32 (n_post, n_pre), in weight units.
    """

    weights: np.ndarray
    vth: int | None
    dv: int = 0


@dataclass(frozen=True, eq=False)
class Forward:
    """Hidden layers and readout, bottom first. steps: K of a window, 0 where a file does not say.

    notes: what reading a file of another tool changed, in lines for a person.

    Raises UserError for layers that do not meet, and for weights that Lava or a chip would change (odd ones, too).
    """

    layers: tuple[Layer, ...]
    steps: int
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.layers) < 2:
            raise UserError(f"network: {len(self.layers)} layer(s) with weights; one hidden layer and a readout are the least")
        n_below = self.layers[0].weights.shape[1]
        for number, layer in enumerate(self.layers, 1):
            n_post, n_pre = layer.weights.shape
            if n_pre != n_below:
                raise UserError(f"layer {number}: {n_pre} inputs are not the {n_below} neurons below; "
                                "transpose or rebuild its weights")
            check_weights(f"layer {number}", layer.weights, STOCK_LAVA)
            n_below = n_post


def forward_of(network: Network, state: State) -> Forward:
    """The forward part of a trained network.

    Raises UserError for a topology that the formats here cannot say, and for weights that other tools would change (odd ones).
    """
    for connection in network.forward:
        if not isinstance(connection.topology, Dense):
            raise UserError(f"connection '{connection.name}': topology {type(connection.topology).__name__} cannot be exported; "
                            "netx and NIR files are written for Dense only")
    weights = [state[connection.weights] for connection in network.forward]
    hidden = [Layer(w, layer.vth, layer.dv) for w, layer in zip(weights, network.hidden, strict=False)]
    return Forward((*hidden, Layer(weights[-1], None)), network.learning.steps)


def with_even_weights(network: Network, state: State) -> tuple[State, int]:
    """A copy whose odd forward weights, left by touches of an odd rail, are one unit nearer to zero; and how many there were."""
    even, odd = state.copy(), 0
    for connection in network.forward:
        weights = even[connection.weights]
        odd += int(np.count_nonzero(weights & 1))
        weights -= np.sign(weights) * (weights & 1)
    return even, odd


def digest(forward: Forward) -> str:
    """sha256 of what a network computes. Our files carry it, so that a bit that flipped in one is noticed when it is read."""
    layers = [(layer.weights.shape, hashlib.sha256(np.ascontiguousarray(layer.weights, "<i4").tobytes()).hexdigest(), layer.vth,
               layer.dv) for layer in forward.layers]
    return hashlib.sha256(json.dumps([forward.steps, layers]).encode()).hexdigest()


def check_digest(path: str, forward: Forward, written: str | None) -> Forward:
    """The network, where its file has no sha256 or the right one. Raises UserError where it was changed after it was written."""
    if written is not None and written != digest(forward):
        raise UserError(f"{path}: was changed after it was exported (its sha256 differs); export it again, or remove the sha256 "
                        "where the change was meant")
    return forward


def scales(forward: Forward) -> dict[str, str]:
    """Every scale that a reader needs, by name; written into the files and printed."""
    named = {
        "weight unit": "1; weights are even, one step of 8 bits is 2",
        "membrane unit": "1/64 weight unit: v += (W @ s) << 6, spike if v > vth << 6, then v = 0",
        "input": "payload 0..15 in every step",
        "window steps K": str(forward.steps or "not in the file"),
        "readout": "no spikes: argmax over classes of the sum of W @ s over the K steps of a window, lowest index first",
    }
    for number, layer in enumerate(forward.layers, 1):
        kind = "readout" if layer.vth is None else f"vth {layer.vth} weight units, leak dv {layer.dv} of 4096"
        low, high = int(layer.weights.min()), int(layer.weights.max())
        named[f"layer {number}"] = f"{layer.weights.shape[1]} -> {layer.weights.shape[0]}, weights {low}..{high}, {kind}"
    return named
