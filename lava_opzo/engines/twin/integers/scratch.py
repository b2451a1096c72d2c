"""What lives for one sample in the integer twin, and what a run reports."""
from typing import NamedTuple

import numpy as np

from lava_opzo.engines.samples import answers_of
from lava_opzo.engines.twin.layout import Flat
from lava_opzo.network.network import Network


class Sums(NamedTuple):
    """What a weighted sum needs beside its result: the indices of active inputs, int64, partial sums, int16 (one layer), and how
    many weights they hold at least.
    """

    index: np.ndarray  # pyright: ignore[reportIncompatibleMethodOverride]  # hides a method of tuple that nobody calls
    partial: np.ndarray
    rows: int


class Scratch(NamedTuple):
    """Everything that lives for one sample. Arrays "over neurons" hold all layers above the input, layer after layer; steps
    those of auxiliary readouts, too.

    v, u, bias, g, h: int32, change: int16, one layer. total: int32, sums of changes of the weights of one layer.
    psi, count, z, steps: over neurons. x: one layer.
    window_count: (2, width), the counts of each window of the layer at hand, at last of the top hidden layer.
    raster: (2, windows*K, width), spikes of the layer at hand and of the one below. o: (R, 2, n_out). error, dhat: (R, n_out).
    sums_of_steps: (2, n_out), what a readout receives in some steps, and in one of them.
    """

    sums: Sums
    input_count: np.ndarray
    u: np.ndarray
    v: np.ndarray
    bias: np.ndarray
    change: np.ndarray
    total: np.ndarray
    g: np.ndarray
    x: np.ndarray
    raster: np.ndarray
    psi: np.ndarray
    count: np.ndarray  # pyright: ignore[reportIncompatibleMethodOverride]  # hides a method of tuple that nobody calls
    z: np.ndarray
    steps: np.ndarray
    window_count: np.ndarray
    o: np.ndarray
    error: np.ndarray
    dhat: np.ndarray
    sums_of_steps: np.ndarray


class Counters(NamedTuple):
    """What a run reports, int64 but for predictions and spikes.

    largest: the largest sizes of each hidden layer, then those of the readouts (columns A, V, H, R, G and O, D of the layout).

    Shapes:
        predictions: (n_samples, 1), (n_samples, K) of steps, or (n_samples, n_out). spikes: (n_samples, L).
        weight_touches: (L+1,). feedback_touches: (L,). auxiliary_touches: (R-1,). largest: (L+R, 5).
    """

    predictions: np.ndarray
    spikes: np.ndarray
    weight_touches: np.ndarray
    feedback_touches: np.ndarray
    auxiliary_touches: np.ndarray
    largest: np.ndarray


def scratch(net: Flat, n_frames: int) -> Scratch:
    """Empty working memory for a network whose samples have n_frames payload rows."""
    width, n_neurons, n_out = int(net.n.max()), int(net.neuron[-1]), int(net.n[-1])
    upper, readouts = int(net.n[1:].max()), net.error_shift.size
    rows = np.iinfo(np.int16).max // max(net.weight_max, -net.weight_min)
    return Scratch(
        sums=Sums(np.empty(width + 1, np.int64), np.empty(upper, np.int16), rows), input_count=np.empty(net.n[0], np.int16),
        u=np.empty((n_frames, upper), np.int32), v=np.empty(upper, np.int32), bias=np.empty(upper, np.int32),
        change=np.empty(width, np.int16), total=np.empty(int(np.diff(net.residual).max()), np.int32), g=np.empty(upper, np.int32),
        x=np.empty(width, np.int16), raster=np.empty((2, net.windows * net.steps, upper), np.int8),
        psi=np.empty(n_neurons, np.int16), count=np.empty(n_neurons, np.int16), z=np.empty(n_neurons, np.int32),
        steps=np.empty(n_neurons + (readouts - 1) * n_out, np.int16), window_count=np.empty((2, upper), np.int16),
        o=np.empty((readouts, 2, n_out), np.int64), error=np.empty((readouts, n_out), np.int64),
        dhat=np.empty((readouts, n_out), np.int64), sums_of_steps=np.empty((2, n_out), np.int64))


def counters(network: Network, n_samples: int) -> Counters:
    """Counters that have seen nothing."""
    depth = network.depth
    return Counters(
        predictions=np.zeros((n_samples, answers_of(network)), np.int32),
        spikes=np.zeros((n_samples, depth), np.int32),
        weight_touches=np.zeros(depth + 1, np.int64), feedback_touches=np.zeros(depth, np.int64),
        auxiliary_touches=np.zeros(len(network.auxiliary), np.int64),
        largest=np.zeros((len(network.plastic), 5), np.int64))
