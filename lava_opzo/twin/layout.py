"""A network and its state as flat arrays, so that one compiled program serves every depth and width.

Weights are 16-bit. Those of hidden layers lie pre-major, (n_pre, n_post): one active input touches one contiguous row, in the
forward sums and in the updates. Those of the readout lie (n_post, n_pre) and feedback (n_out, n_hidden): their short side outside.
"""
from typing import NamedTuple

import numpy as np

from lava_opzo.config import Config
from lava_opzo.errors import UserError
from lava_opzo.fixed import STATE_SHIFT, WEIGHT_MAX, WEIGHT_MIN
from lava_opzo.state import State, check_shapes


class Network(NamedTuple):
    """What the compiled program reads. int64 arrays; entry l - 1 of a per-layer array belongs to layer l.

    n: (L+2,), input first. threshold, psi_width: membrane units. neuron: (L+2,), first neuron of each layer l = 1..L+1 in arrays
    over all neurons above the input. source: (L+1,), first input of each hidden layer in arrays over all of these inputs.
    weight: (L+2,), first weight of each layer. feedback: (L+1,), first entry of each M.
    """

    n: np.ndarray
    threshold: np.ndarray
    psi_width: np.ndarray
    dv: np.ndarray
    alpha: np.ndarray
    y_shift: np.ndarray
    x_shift: np.ndarray
    neuron: np.ndarray
    source: np.ndarray
    weight: np.ndarray
    feedback: np.ndarray
    steps: int
    windows: int
    x_max: int
    d_bits: int
    d_shift: int
    error_shift: int
    decay_period: int
    halve_every: int
    max_halvings: int


class Memory(NamedTuple):
    """What the compiled program changes: the arrays of a `State`, layer after layer. weights, feedback int16, the rest int32.

    reach: int32, for every input of every hidden layer an upper bound of its |weights|.
    """

    weights: np.ndarray
    reach: np.ndarray
    feedback: np.ndarray
    z_state: np.ndarray
    y_residual: np.ndarray
    d_residual: np.ndarray


def _starts(sizes) -> np.ndarray:
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)


def network(config: Config) -> Network:
    """The flat form of a configuration."""
    n = np.array(config.widths, np.int64)

    def hidden(name):
        return np.array([getattr(layer, name) for layer in config.hidden], np.int64)

    return Network(
        n=n, threshold=hidden("vth") << STATE_SHIFT, psi_width=hidden("psi_width") << STATE_SHIFT, dv=hidden("dv"),
        alpha=hidden("bias_mant") << hidden("bias_exp"),
        y_shift=np.array([layer.y_shift for layer in config.layers], np.int64),
        x_shift=np.array([layer.x_shift for layer in config.layers], np.int64),
        neuron=_starts(n[1:]), source=_starts(n[:-2]), weight=_starts(n[1:] * n[:-1]), feedback=_starts(n[1:-1] * n[-1]),
        steps=config.steps, windows=config.windows, x_max=config.x_max, d_bits=config.d_bits, d_shift=config.readout.d_shift,
        error_shift=config.readout.error_shift, decay_period=config.decay_period, halve_every=config.halve_every,
        max_halvings=config.max_halvings)


def flat(arrays, dtype) -> np.ndarray:
    """All entries of the arrays, one array after the other."""
    return np.concatenate([np.asarray(array).ravel() for array in arrays]).astype(dtype)


def _check_rails(name: str, array: np.ndarray) -> None:
    """Odd values are legal here: a weight stays odd after it touched +255."""
    if array.min() < WEIGHT_MIN or array.max() > WEIGHT_MAX:
        raise UserError(f"{name}: values {array.min()}..{array.max()} are outside {WEIGHT_MIN}..{WEIGHT_MAX}; "
                        "start from an undamaged state")


def pack(config: Config, state: State) -> Memory:
    """Copy a state into flat arrays. Raises UserError when an array does not belong to this configuration."""
    check_shapes(config, state)
    for name, array in state.arrays().items():
        if name.startswith(("weights", "feedback")):
            _check_rails(name, array)
    return Memory(
        weights=flat([*(w.T for w in state.weights[:-1]), state.weights[-1]], np.int16),
        reach=flat([np.abs(w).max(axis=0) for w in state.weights[:-1]], np.int32),
        feedback=flat([m.T for m in state.feedback], np.int16),
        z_state=flat(state.z_state, np.int32), y_residual=flat(state.y_residual, np.int32),
        d_residual=flat([state.d_residual], np.int32))


def unpack(memory: Memory, net: Network, state: State) -> None:
    """Copy flat arrays back into the arrays of `state`, in place."""
    depth = len(state.feedback)
    for l, weights in enumerate(state.weights):
        flat = memory.weights[net.weight[l]:net.weight[l + 1]]
        weights[:] = flat.reshape(weights.shape) if l == depth else flat.reshape(weights.shape[::-1]).T
    for l, feedback in enumerate(state.feedback):
        feedback[:] = memory.feedback[net.feedback[l]:net.feedback[l + 1]].reshape(feedback.shape[::-1]).T
    for l, z_state in enumerate(state.z_state):
        z_state[:] = memory.z_state[net.neuron[l]:net.neuron[l + 1]]
    for l, residual in enumerate(state.y_residual):
        residual[:] = memory.y_residual[net.neuron[l]:net.neuron[l + 1]]
    state.d_residual[:] = memory.d_residual
