"""A state of real numbers as flat arrays, in the order of `lava_opzo.engines.twin.layout`, and what lives for one sample."""
from typing import NamedTuple

import numpy as np

from lava_opzo.engines.twin.kept import given_baseline, given_differences, kept_baseline, kept_differences
from lava_opzo.engines.twin.layout import Flat, by_population, joined, packed, unpacked
from lava_opzo.network.checks import check_shapes
from lava_opzo.network.network import Network
from lava_opzo.network.state import State


class Memory(NamedTuple):
    """weights: hidden layers (n_pre, n_post), readout (n_post, n_pre), one after the other; feedback: (n_out, n_hidden). float64.

    auxiliary: those of auxiliary readouts. z_state: int32 over hidden neurons. d_residual: float64 (R, n_out). baseline: float64
    (n_out, means), no column where there are none.
    """

    weights: np.ndarray
    feedback: np.ndarray
    auxiliary: np.ndarray
    z_state: np.ndarray
    d_residual: np.ndarray
    baseline: np.ndarray


class Scratch(NamedTuple):
    """Arrays "over neurons" hold all layers above the input, layer after layer; g, y: float64 over neurons, y over those of
    auxiliary readouts, too.

    sums: indices of active inputs, which a weighted sum needs beside its result. u, v, bias: float64, x: int16, one layer.
    raster: int8 (2, windows*K, width), the layer at hand and the one below. window_count: (2, width), the counts of each window
    of the layer at hand. z, count, psi: over neurons. input_count: (n_in,). o: (R, 2, n_out), the windows. error,
    dhat: (R, n_out). sums_of_steps: (2, n_out), what a readout receives in some steps, and in one of them, and differences.
    delta: errors of one layer.
    """

    sums: np.ndarray
    u: np.ndarray
    v: np.ndarray
    bias: np.ndarray
    x: np.ndarray
    raster: np.ndarray
    window_count: np.ndarray
    z: np.ndarray
    count: np.ndarray  # pyright: ignore[reportIncompatibleMethodOverride]  # hides a method of tuple that nobody calls
    psi: np.ndarray
    input_count: np.ndarray
    g: np.ndarray
    y: np.ndarray
    o: np.ndarray
    error: np.ndarray
    dhat: np.ndarray
    sums_of_steps: np.ndarray
    delta: np.ndarray


def scratch(net: Flat, n_frames: int) -> Scratch:
    """Empty working memory for samples of n_frames payload rows."""
    width, upper, n_neurons, n_out = int(net.n.max()), int(net.n[1:].max()), int(net.neuron[-1]), int(net.n[-1])
    readouts = net.error_shift.size
    return Scratch(
        sums=np.empty(width + 1, np.int64), u=np.empty((n_frames, upper)), v=np.empty(upper), bias=np.empty(upper),
        x=np.empty(width, np.int16), raster=np.empty((2, net.windows * net.steps, upper), np.int8),
        window_count=np.empty((2, upper), np.int16), z=np.empty(n_neurons, np.int32), count=np.empty(n_neurons, np.int16),
        psi=np.empty(n_neurons, np.int16), input_count=np.empty(net.n[0], np.int16), g=np.empty(n_neurons),
        y=np.empty(n_neurons + (readouts - 1) * n_out), o=np.empty((readouts, 2, n_out)), error=np.empty((readouts, n_out)),
        dhat=np.empty((readouts, n_out)), sums_of_steps=np.empty((2, n_out)), delta=np.empty(upper))


def pack(network: Network, state: State) -> Memory:
    """Copy a state of any number type into flat arrays. Raises UserError when an array does not belong to this network."""
    check_shapes(network, state)
    weights, feedback, auxiliary = packed(network, state, np.float64)
    generators = [state[f"{layer.name}.z_state"] for layer in network.hidden]
    return Memory(weights=weights, feedback=feedback, auxiliary=auxiliary, z_state=joined(generators, np.int32),
                  d_residual=kept_differences(network, state, np.float64),
                  baseline=kept_baseline(network, state, np.float64))


def unpack(network: Network, net: Flat, memory: Memory, state: State) -> dict[str, np.ndarray]:
    """The arrays of a state by their names, float64 (generators int32); residuals of y and of sums stay as they were."""
    residuals = [*(f"{layer.name}.y_residual" for layer in network.plastic), *(one.residual for one in network.summing)]
    return {**unpacked(network, net, memory.weights, memory.feedback, memory.auxiliary, np.float64),
            **by_population(network.hidden, "z_state", memory.z_state, np.int32),
            **{name: state[name].astype(np.float64) for name in residuals},
            **given_differences(network, memory.d_residual), **given_baseline(network, memory.baseline)}
