"""The common record of one training sample: what every engine must be able to tell about every step."""
import numpy as np

from lava_opzo.network.network import Network
from lava_opzo.network.state import State, baseline_shape, shapes as state_shapes

Record = dict[str, dict[str, np.ndarray]]
"""Population or connection -> variable -> int64 (T, *shape), the value after each step. Connections have `weights`, and
those that add up the changes of shared weights `residual`."""

Label = int | np.integer | np.ndarray
"""What a sample teaches: its class, (K,) that of each step, or (n_out,) one number an output."""

INPUT = ("spikes", "count")
HIDDEN = ("z_state", "v", "spikes", "psi", "count", "g", "y", "y_residual", "y1", "y2", "y3")
READOUT = ("o_plus", "o_minus", "prediction", "error", "y", "y_residual", "d_hat", "d_residual", "spikes", "y1", "y2")
"""Variables of the kinds of populations, in the order in which a step computes them; of a readout with a baseline that, too."""

OF_CONNECTIONS = ("weights", "residual")
"""Variables of connections; all others belong to a population."""


def shapes(network: Network) -> dict[str, dict[str, tuple[int, ...]]]:
    """Population or connection -> variable -> shape, in the order in which a step computes them."""
    layers: dict[str, dict[str, tuple[int, ...]]] = {network.input.name: dict.fromkeys(INPUT, (network.input.n,))}
    layers |= {layer.name: dict.fromkeys(HIDDEN, (layer.n,)) for layer in network.hidden}
    for readout in network.readouts:
        layers[readout.name] = dict.fromkeys(READOUT, (readout.n,)) | {"prediction": (readout.answers,)}
    if means := baseline_shape(network):
        layers[network.readout.name]["baseline"] = means
    layers |= {connection.name: {"weights": connection.topology.weight_shape} for connection in network.connections}
    for connection in network.summing:
        layers[connection.name]["residual"] = connection.topology.weight_shape
    return layers


def before_the_first(network: Network, state: State) -> Record:
    """One row (1, *shape) per variable: what a network that starts from `state` holds before its first step."""
    rows = {layer: {name: np.zeros((1, *shape), np.int64) for name, shape in variables.items()}
            for layer, variables in shapes(network).items()}
    for readout in network.readouts:
        rows[readout.name]["prediction"][:] = -1
    for name, array in state.arrays.items():
        layer, variable = name.split(".")
        rows[layer][variable][0] = array
    return rows


def last_rows(record: Record) -> Record:
    """The record's last step alone, (1, *shape)."""
    return {layer: {name: values[-1:].copy() for name, values in variables.items()} for layer, variables in record.items()}


def state_after(network: Network, record: Record, n_trained: int) -> State:
    """The state that a record ends with; n_trained: samples learned by then."""
    parts = {name: name.split(".") for name in state_shapes(network)}
    return State({name: record[layer][variable][-1].astype(np.int32) for name, (layer, variable) in parts.items()}, n_trained)
