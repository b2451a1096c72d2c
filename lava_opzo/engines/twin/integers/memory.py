"""The state of the integer twin as flat arrays."""
from typing import NamedTuple

import numpy as np

from lava_opzo.engines.twin.kept import given_baseline, given_differences, kept_baseline, kept_differences
from lava_opzo.engines.twin.layout import Flat, by_population, joined, packed, packed_residuals, unpacked, unpacked_residuals
from lava_opzo.network.checks import check_shapes, check_weights
from lava_opzo.network.connections import Connection
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.topology.dense import Dense


class Memory(NamedTuple):
    """What the compiled program changes: the arrays of a `State`, layer after layer. weights, feedback, auxiliary (A) int16, the
    rest int32.

    d_residual: (R, n_out). residual: of the shared weights whose changes are added up, in the order of these weights. baseline:
    (n_out, means), scaled running means of the outputs; no column where there are none. reach: int32, for every input of every
    hidden layer whose edges share no weights an upper bound of its |weights|.
    """

    weights: np.ndarray
    residual: np.ndarray
    reach: np.ndarray
    feedback: np.ndarray
    auxiliary: np.ndarray
    z_state: np.ndarray
    y_residual: np.ndarray
    d_residual: np.ndarray
    baseline: np.ndarray


def pack(network: Network, state: State) -> Memory:
    """Copy a state into flat arrays. Raises UserError when an array does not belong to this network."""
    check_shapes(network, state)
    for connection in network.connections:
        check_weights(connection.weights, state[connection.weights], network.profile, odd=True)
    weights, feedback, auxiliary = packed(network, state, np.int16)
    sizes = [_reach(connection, state[connection.weights]) for connection in network.forward[:-1]]
    return Memory(
        weights=weights, residual=packed_residuals(network, state), reach=joined(sizes, np.int32), feedback=feedback,
        auxiliary=auxiliary,
        z_state=joined([state[f"{layer.name}.z_state"] for layer in network.hidden], np.int32),
        y_residual=joined([state[f"{layer.name}.y_residual"] for layer in network.plastic], np.int32),
        d_residual=kept_differences(network, state, np.int32),
        baseline=kept_baseline(network, state, np.int32))


def _reach(connection: Connection, weights: np.ndarray) -> np.ndarray:
    """The largest |weight| of every input, or where weights are not all-to-all of all of them."""
    topology = connection.topology
    return np.abs(weights).max(axis=0) if isinstance(topology, Dense) else np.full(topology.n_pre, np.abs(weights).max())


def unpack(network: Network, net: Flat, memory: Memory) -> dict[str, np.ndarray]:
    """The arrays of a state, int32, by their names."""
    residuals = unpacked_residuals(network, net, memory.residual, np.int32)
    return {**unpacked(network, net, memory.weights, memory.feedback, memory.auxiliary, np.int32),
            **{connection.residual: residuals[connection.name] for connection in network.summing},
            **by_population(network.hidden, "z_state", memory.z_state, np.int32),
            **by_population(network.plastic, "y_residual", memory.y_residual, np.int32),
            **given_differences(network, memory.d_residual), **given_baseline(network, memory.baseline)}
