"""The part of a network that other tools have: layers of weights, thresholds and leaks, without anything that learns."""
import hashlib
import json
from dataclasses import dataclass, replace

import numpy as np

from lava_opzo.errors import UserError
from lava_opzo.export.topologies import ImageLayer, named_by_an_edge, words
from lava_opzo.network.checks import check_weights
from lava_opzo.network.connections import Wiring
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.silicon.profile import STOCK_LAVA
from lava_opzo.silicon.readouts import CLASSES
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense

MOST_STEPS = 1024
"""Most steps of a window (lava_opzo.learning.learning)."""


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer of weights and the neurons above it.

    vth: in weight units, None for the readout, which only sums. dv: leak, of 4096. patches: wiring of an image layer, None for
    all to all.

    Shapes:
        weights: int32, in weight units, (n_post, n_pre) or patches.weight_shape.
    """

    weights: np.ndarray
    vth: int | None
    dv: int = 0
    patches: ImageLayer | None = None

    @property
    def topology(self) -> Wiring:
        """Which neuron reaches which."""
        return self.patches or Dense(self.weights.shape[1], self.weights.shape[0])


@dataclass(frozen=True, eq=False)
class Forward:
    """Hidden layers and readout, bottom first. steps: K of a window, 0 where a file does not say.

    spread, stagger: of the input (`lava_opzo.network.populations.Input`); spread is None where a file does not say.
    notes: what reading a file of another tool, or leaving out what is not needed, changed, in lines for a person.

    Raises UserError for layers that do not meet, and for weights that Lava or a chip would change (odd ones, too).
    """

    layers: tuple[Layer, ...]
    steps: int
    notes: tuple[str, ...] = ()
    spread: bool | None = None
    stagger: int = 0

    def __post_init__(self) -> None:
        if len(self.layers) < 2:
            raise UserError(f"network: {len(self.layers)} layer(s) with weights; one hidden layer and a readout are the least")
        if self.layers[-1].patches is not None:
            raise UserError(f"layer {len(self.layers)}: is an image layer and would be the readout, which is all to all; "
                            "add one above it")
        n_below = self.layers[0].topology.n_pre
        for number, layer in enumerate(self.layers, 1):
            topology = layer.topology
            if topology.n_pre != n_below:
                raise UserError(f"layer {number}: {topology.n_pre} inputs are not the {n_below} neurons below; "
                                "transpose or rebuild its weights")
            check_weights(f"layer {number}", layer.weights, STOCK_LAVA)
            n_below = topology.n_post

    @property
    def n_in(self) -> int:
        """Input lines."""
        return self.layers[0].topology.n_pre

    @property
    def n_out(self) -> int:
        """Classes."""
        return self.layers[-1].topology.n_post


def forward_of(network: Network, state: State) -> Forward:
    """The forward part of a trained network, without a bias line that reaches no neuron and without how shared weights learn.

    Raises UserError for weights that other tools would change (odd ones), for a readout that leaks, and for outputs that are no
    classes, which other tools would take for some.
    """
    if network.readout.kind != CLASSES:
        raise UserError(f"population '{network.readout.name}': outputs of kind '{network.readout.kind}' have no place in the "
                        "files of other tools, which answer with the largest sum; export a network of classes")
    if network.readout.dv:
        raise UserError(f"population '{network.readout.name}': its sums leak (dv {network.readout.dv}), which no file of another "
                        "tool says; export a network whose readout has dv = 0, which no stream (carry) can have")
    layers = []
    notes = ["auxiliary readouts teach and predict nothing: they are left out"] if network.auxiliary else []
    for connection, population in zip(network.forward, (*network.hidden, None), strict=True):
        topology, weights = connection.topology, state[connection.weights]
        patches = topology if isinstance(topology, ImageLayer) else None
        if patches is not None:
            # What no edge names is in no matrix, so that a file could not give it back.
            weights = np.where(named_by_an_edge(patches), weights, 0).astype(np.int32)
            patches = replace(patches, sum_shift=0) if isinstance(patches, Conv) else patches
            if patches.lines and not patches.bias and not layers:
                patches = replace(patches, lines=0)
                notes.append(f"the bias line reaches no neuron and is left out: the file has {patches.n_pre} input lines")
        layers.append(Layer(weights, None) if population is None else Layer(weights, population.vth, population.dv, patches))
    return Forward(tuple(layers), network.learning.steps, tuple(notes), network.input.spread, network.input.stagger)


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
               layer.dv, *([] if layer.patches is None else [words(layer.patches)])) for layer in forward.layers]
    said = [forward.steps, layers, *(["spread"] if forward.spread else []), *([forward.stagger] if forward.stagger else [])]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


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
        "input": _shown(forward),
        "window steps K": str(forward.steps or "not in the file"),
        "readout": "no spikes: argmax over classes of the sum of W @ s over the K steps of a window, lowest index first",
    }
    for number, layer in enumerate(forward.layers, 1):
        kind = "readout" if layer.vth is None else f"vth {layer.vth} weight units, leak dv {layer.dv} of 4096"
        low, high = int(layer.weights.min()), int(layer.weights.max())
        size = f"{layer.topology.n_pre} -> {layer.topology.n_post}" if layer.patches is None else _geometry(layer.patches)
        named[f"layer {number}"] = f"{size}, weights {low}..{high}, {kind}"
    return named


def _shown(forward: Forward) -> str:
    """How a payload stands in the steps of a window, in words of one line."""
    if not forward.spread:
        return "payload 0..15 in every step"
    if not forward.stagger:
        return "payload p of 0..15 spread over a window: (p*(k+1))//K - (p*k)//K in step k"
    return (f"payload p of 0..15 spread over a window: (p*(k+1)+f)//K - (p*k+f)//K in step k, f = (j*{forward.stagger}) mod K on "
            "line j")


def _geometry(patches: ImageLayer) -> str:
    """What an image layer does, in words of one line."""
    def by(sizes: tuple[int, ...]) -> str:
        return "x".join(map(str, sizes))

    return (f"{patches.kind} {by(patches.shape)} -> {by(patches.out_shape)} (rows x columns x channels), "
            f"kernel {by(patches.kernel)}, stride {by(patches.stride)}, padding {by(patches.padding)}"
            + (", bias line" if patches.bias else ""))
