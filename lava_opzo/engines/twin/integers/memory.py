"""The state of the integer twin as flat arrays."""
from typing import NamedTuple

import numpy as np

from lava_opzo.engines.twin.layout import Network, flat
from lava_opzo.errors import UserError
from lava_opzo.network.checks import check_shapes
from lava_opzo.network.network import Config
from lava_opzo.network.state import State
from lava_opzo.silicon.profile import WEIGHT_MAX, WEIGHT_MIN


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
