"""A floating-point state as flat arrays, in the order of `lava_opzo.engines.twin.layout`, and what lives for one sample."""
from typing import NamedTuple

import numpy as np

from lava_opzo.engines.twin.layout import Network, flat
from lava_opzo.network.checks import check_shapes
from lava_opzo.network.network import Config
from lava_opzo.network.state import State


class Memory(NamedTuple):
    """weights: hidden layers (n_pre, n_post), readout (n_post, n_pre), one after the other; feedback: (n_out, n_hidden). float64.

    z_state: int32 over hidden neurons. d_residual: float64 (n_out,).
    """

    weights: np.ndarray
    feedback: np.ndarray
    z_state: np.ndarray
    d_residual: np.ndarray


class Scratch(NamedTuple):
    """Arrays "over neurons" hold all layers above the input, layer after layer; g, y: float64 over neurons.

    u, v: float64, one layer. raster: int8 (2, windows*K, width), the layer at hand and the one below. z, count, psi: over neurons.
    input_count: (n_in,). o: (2, n_out), the windows. error, dhat: (n_out,).
    """

    index: np.ndarray
    u: np.ndarray
    v: np.ndarray
    raster: np.ndarray
    z: np.ndarray
    count: np.ndarray
    psi: np.ndarray
    input_count: np.ndarray
    g: np.ndarray
    y: np.ndarray
    o: np.ndarray
    error: np.ndarray
    dhat: np.ndarray


def scratch(net: Network, n_frames: int) -> Scratch:
    """Empty working memory for samples of n_frames payload rows."""
    width, upper, n_neurons, n_out = int(net.n.max()), int(net.n[1:].max()), int(net.neuron[-1]), int(net.n[-1])
    return Scratch(
        index=np.empty(width + 1, np.int64), u=np.empty((n_frames, upper)), v=np.empty(upper),
        raster=np.empty((2, net.windows * net.steps, upper), np.int8), z=np.empty(n_neurons, np.int32),
        count=np.empty(n_neurons, np.int16), psi=np.empty(n_neurons, np.int16), input_count=np.empty(net.n[0], np.int16),
        g=np.empty(n_neurons), y=np.empty(n_neurons), o=np.empty((2, n_out)), error=np.empty(n_out), dhat=np.empty(n_out))


def pack(config: Config, state: State) -> Memory:
    """Copy a state of any number type into flat arrays. Raises UserError when an array does not belong to this configuration."""
    check_shapes(config, state)

    return Memory(weights=flat([*(w.T for w in state.weights[:-1]), state.weights[-1]], np.float64),
                  feedback=flat([m.T for m in state.feedback], np.float64), z_state=flat(state.z_state, np.int32),
                  d_residual=flat([state.d_residual], np.float64))


def unpack(config: Config, memory: Memory, net: Network, state: State) -> None:
    """Put the learned arrays into `state` as float64 (generators int32); nothing is left over in the residual of y."""
    def layers(flat, starts, shapes):
        return [flat[a:b].reshape(shape).T.copy() for a, b, shape in zip(starts, starts[1:], shapes)]

    n = config.widths
    state.weights = [*layers(memory.weights, net.weight[:-1], list(zip(n, n[1:-1]))),
                     memory.weights[net.weight[-2]:].reshape(n[-1], n[-2]).copy()]
    state.feedback = layers(memory.feedback, net.feedback, [(n[-1], width) for width in n[1:-1]])
    state.z_state = [memory.z_state[a:b].copy() for a, b in zip(net.neuron, net.neuron[1:-1])]
    state.y_residual = [residual.astype(np.float64) for residual in state.y_residual]
    state.d_residual = memory.d_residual.copy()
