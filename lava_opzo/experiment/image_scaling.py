"""Scales for networks with local or shared weights: as `lava_opzo.experiment.scaling`, from what one patch of the data holds.

Chosen on validation samples (docs/results.md). They give runs that are replayable on a chip of profile `loihi-254`.
"""
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log2, sqrt

import numpy as np

from lava_opzo.arithmetic.fixed.encoding import shares
from lava_opzo.experiment.layers import Layer, wired
from lava_opzo.experiment.scaling import STEPS, hidden_layer, is_coarse
from lava_opzo.learning.credit import Opzo
from lava_opzo.learning.learning import Learning
from lava_opzo.network.connections import Wiring
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Hidden, Input, Readout
from lava_opzo.network.widths import most_shift
from lava_opzo.silicon.profile import LOIHI_254, PAYLOAD_MAX
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.edges import Topology
from lava_opzo.topology.pool import Pool

MEASURED = 500
"""Samples that the spread of a patch is measured on."""

RATE = 0.15
"""Share of the neurons below that spike in a step, as a threshold takes it for granted."""

NOISE, PSI = 0.15, 0.7
"""Noise and half width of the gate as shares of the threshold."""


@dataclass(frozen=True)
class Kind:
    """What fits layers of one topology.

    sigma: of their initial weights. y_shift: the learning rate, with sum_shift, that of shared weights. threshold: over the
    spread of the current of one step. x_shift: bits that counts of the input lose beyond those of a layer. read_shift: the same
    of its own counts, for a readout above it. d_shift: of that readout.
    """

    sigma: float
    y_shift: int
    threshold: float = 3.5
    x_shift: int = 1
    sum_shift: int = 0
    read_shift: int = 1
    d_shift: int = 12


KINDS = {"dense": Kind(28.0, 17, read_shift=0), "local": Kind(24.0, 17), "conv": Kind(25.0, 14, 2.5, 2, 6, d_shift=11),
         "pool": Kind(16.0, 13, 0.5)}
"""Shared weights add up an update of every position, and therefore take smaller ones. The threshold of pooling is a share of what
its window can bring."""

CENTRED = KINDS | {"conv": replace(KINDS["conv"], y_shift=16, x_shift=1, sum_shift=8, read_shift=0, d_shift=13)}
"""For lines above and below a mean (`lava_opzo.experiment.centring`): where every position of every image has something to
add, the sums are larger, and neurons that spike more seldom are told apart by finer counts. Their M learns in smaller steps,
which do not carry it from rail to rail (docs/results.md)."""


COARSE = replace(KINDS["local"], sigma=36.0, y_shift=16)
"""For a first layer of local weights on images of few bits that move (`lava_opzo.experiment.scaling.is_coarse`)."""


@dataclass(frozen=True)
class Schedule:
    """How long: epochs, how often the learning rate halves in them, and by how many pixels images move for shared weights."""

    epochs: int
    halvings: int
    jitter: int


SCHEDULE = Schedule(18, 4, 1)
"""Where the 24 bits of a residual leave less room than that for a shift, the learning rate halves less often."""

MOVED = replace(SCHEDULE, epochs=36)
"""For a first layer of `COARSE`: its images are learned by heart much later."""

CENTRED_HALVINGS = 5
"""In the place of those of `SCHEDULE`: where there is more to tell apart, the last steps of a readout decide more."""

MIRRORED = ("cifar10",)
"""Data sets whose images show the same when they are mirrored, left for right: photographs do, digits and letters do not."""

LEAST_SIDE = 16
"""Pixels of the shorter side of images that may move: a pixel of a smaller one is too much of it."""


def jitter_of(shape: tuple[int, ...] | None, layers: Sequence[Layer]) -> int:
    """By how many pixels images of this shape move while these layers learn them: not at all where no layer shares weights."""
    large = shape is not None and min(shape[:2]) >= LEAST_SIDE
    return SCHEDULE.jitter if large and _shares(layers) else 0


def is_moved_local(frames: np.ndarray, layers: Sequence[Layer], moved: bool) -> bool:
    """Whether these samples are images of few bits that move, and these layers begin with local weights: `COARSE` and `MOVED`."""
    return moved and layers[0].kind == "l" and is_coarse(frames)


def epochs_of(frames: np.ndarray, layers: Sequence[Layer], moved: bool) -> int:
    """How often these layers learn these samples."""
    return (MOVED if is_moved_local(frames, layers, moved) else SCHEDULE).epochs


def mirror_of(name: str, layers: Sequence[Layer]) -> bool:
    """Whether images of the data set of this name are mirrored while these layers learn them: not where none shares weights."""
    return name in MIRRORED and _shares(layers)


def _shares(layers: Sequence[Layer]) -> bool:
    return any(layer.kind == "c" for layer in layers)


def image_network(frames: np.ndarray, shape: tuple[int, ...] | None, n_classes: int, layers: Sequence[Layer], steps: int = STEPS,
                  seed: int = 1, centred: bool = False, moved: bool = False) -> Network:
    """A network with these layers, scaled to these training samples; its learning rate is made for `epochs_of` them.

    shape: rows, columns and channels of an image on the first lines. centred: its lines are above and below a mean. moved: the
    images move while they are learned.
    Raises UserError where a layer finds no image below it.

    Shapes:
        frames: uint8 (n, 1 or K, n_in), the bias line last.
    """
    kinds, halvings = (CENTRED, CENTRED_HALVINGS) if centred else (KINDS, SCHEDULE.halvings)
    wiring = [with_sums(topology, kinds["conv"].sum_shift) for topology in wired(layers, shape, frames.shape[2], n_classes)]
    spread = frames.shape[1] == 1
    scales = [kinds[topology.kind] for topology in wiring[:-1]]
    if is_moved_local(frames, layers, moved):
        scales[0] = COARSE
    hidden: list[Hidden] = []
    for topology, kind in zip(wiring[:-1], scales, strict=True):
        if isinstance(topology, Pool):
            largest = 1 if hidden else Input(frames.shape[2], spread).largest_payload(steps)
            hidden.append(_pooling(topology, largest))
        else:
            received = sqrt(topology.fan_in * RATE) if hidden else patch_spread(topology, frames, steps, spread)
            hidden.append(_hidden(topology, kind, received))
    learning = Learning(steps, 2, Opzo(3, 512))
    room = most_shift(n_classes, learning, LOIHI_254)
    hidden = [replace(layer, y_shift=min(layer.y_shift, room)) for layer in hidden]
    halvings = min(halvings, room - max(layer.y_shift for layer in hidden))
    count_shift, read_shift = round(log2(2 * steps)) - 1, scales[-1].read_shift
    shown = len(frames) * epochs_of(frames, layers, moved)
    learned = next((topology.kind for topology in wiring[-2::-1] if not isinstance(topology, Pool)), "dense")
    return Network.chain(
        frames.shape[2], hidden, _readout(n_classes, wiring[-2].n_post, learned, read_shift, kinds[learned].d_shift),
        sigma=(*(kind.sigma for kind in scales), 4.0),
        x_shift=(count_shift + scales[0].x_shift, *[count_shift] * (len(wiring) - 2), count_shift + read_shift),
        learning=replace(learning, halve_every=shown // (halvings + 1), max_halvings=halvings),
        profile=LOIHI_254, seed=seed, spread=spread, wiring=wiring,
        opposed=shape[2] // 2 if centred and shape else 0)


def with_sums(topology: Wiring, sum_shift: int = KINDS["conv"].sum_shift) -> Wiring:
    """The wiring in which shared weights add up the changes of all positions (`Conv.sum_shift`)."""
    return replace(topology, sum_shift=sum_shift) if isinstance(topology, Conv) else topology


def _hidden(topology: Wiring, kind: Kind, spread: float) -> Hidden:
    return hidden_layer(topology.n_post, kind.threshold * 2 * kind.sigma * spread, NOISE, PSI, kind.y_shift)


def _pooling(topology: Pool, largest: int) -> Hidden:
    """The neurons of a pooling layer, without noise: they spike after a share of what a window can bring in one step.

    largest: what one neuron below sends at most in a step. The threshold lies half a weight below, so that so many arrivals
    reach it and fewer do not.
    """
    kind = KINDS[topology.kind]
    weight, arrivals = 2 * int(kind.sigma), max(1, round(kind.threshold * topology.taps * largest))
    vth = weight * arrivals - weight // 2
    return Hidden(topology.n_post, vth, 0, 0, round(PSI * vth), kind.y_shift, frozen=True)


def _readout(n: int, width: int, kind: str, read_shift: int, d_shift: int) -> Readout:
    """The readout above a layer of so many neurons; kind, d_shift: of the last weights below it that learn.

    Its sums grow with its width: by a bit where that doubles above dense layers, by three quarters of one above an image. One
    above an image learns faster, by as much less as it takes finer counts.
    """
    bits, y_shift = (log2(width / 200), 9) if kind == "dense" else (log2(width / 250) * 3 / 4, 6 - read_shift)
    return Readout(n=n, error_shift=6 + max(0, round(bits)), y_shift=y_shift, d_shift=d_shift)


def patch_spread(topology: Topology, frames: np.ndarray, steps: int, spread: bool) -> float:
    """The root of the summed squared payloads that reach a neuron in one step, over neurons and the first samples.

    Shapes:
        frames: uint8 (n, 1 or K, n_in).
    """
    sizes = (shares(steps).astype(np.int64) ** 2).mean(axis=0) if spread else np.arange(PAYLOAD_MAX + 1) ** 2.0
    lines = sizes[frames[:MEASURED]].mean(axis=(0, 1))
    if isinstance(topology, Dense):
        return sqrt(lines.sum())
    edges = topology.edges()
    return max(1.0, sqrt(np.bincount(edges.post, lines[edges.pre], topology.n_post).mean()))
