"""Everything a network keeps from one sample to the next: arrays by name (docs/arithmetic.md sections 1 and 7)."""
from dataclasses import dataclass

import numpy as np

from lava_opzo.network.network import Network


@dataclass
class State:
    """Learned and kept arrays by name, and the samples learned.

    arrays: int32, names and shapes as `shapes` has them; in real numbers all but z_state become float64 with the first sample.

    Shapes:
        W1.weights: (n_post, n_pre). W1.residual: the same, of shared weights whose changes are added up. M1.weights:
        (n_hidden, n_out). hidden1.z_state, hidden1.y_residual: (n,).
        readout.y_residual, readout.d_residual: (n_out,). A1.weights, aux1.y_residual, aux1.d_residual: likewise, where there
        are auxiliary readouts. readout.baseline: (n_out, 2) or (n_out, n_out), where there is one. What neurons carry from one
        sample to the next, where they do: see `carried`.
    """

    arrays: dict[str, np.ndarray]
    n_trained: int = 0

    def __getitem__(self, name: str) -> np.ndarray:
        return self.arrays[name]

    def copy(self) -> "State":
        """The same values in arrays of its own."""
        return State({name: array.copy() for name, array in self.arrays.items()}, self.n_trained)


def shapes(network: Network) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the arrays of a state of this network: connections, then populations from the input up."""
    named = {connection.weights: connection.topology.weight_shape for connection in network.connections}
    named |= {connection.residual: connection.topology.weight_shape for connection in network.summing}
    for layer in network.hidden:
        named |= {f"{layer.name}.z_state": (layer.n,), f"{layer.name}.y_residual": (layer.n,)}
    for readout in network.readouts:
        named |= {f"{readout.name}.y_residual": (readout.n,), f"{readout.name}.d_residual": (readout.n,)}
    baseline = baseline_shape(network)
    return named | ({baseline_name(network): baseline} if baseline else {}) | carried(network)


def carried(network: Network) -> dict[str, tuple[int, ...]]:
    """Names and shapes of what neurons hold from one sample to the next: traces, membranes and sums; none where samples begin at
    rest.
    """
    if not network.learning.carry:
        return {}
    named = {f"{network.input.name}.count": (network.input.n,)}
    for layer in network.hidden:
        named |= {f"{layer.name}.v": (layer.n,), f"{layer.name}.count": (layer.n,)}
    readout = network.readout
    return named | {f"{readout.name}.o_plus": (readout.n,), f"{readout.name}.o_minus": (readout.n,)}


def settle(network: Network, state: State) -> None:
    """Let what neurons carry from one sample to the next be at rest, in place."""
    for name in carried(network):
        state[name][:] = 0


def baseline_name(network: Network) -> str:
    """The name of the outputs' running means, where they have some."""
    return f"{network.readout.name}.baseline"


def baseline_shape(network: Network) -> tuple[int, int] | None:
    """Outputs and the means of each: two, or one a class; None without a baseline."""
    n, kind = network.readout.n, network.learning.credit.baseline
    return {"none": None, "label": (n, 2), "class": (n, n)}[kind]
