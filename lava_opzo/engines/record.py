"""The common record of one training sample: what every engine must be able to tell about every step."""
import numpy as np

from lava_opzo.network.network import Config
from lava_opzo.network.state import State

Record = dict[str, dict[str, np.ndarray]]
"""Layer -> variable -> int64 (T, *shape), the value after each step. Connections count as layers W1.., M1.. with `weights`."""

SOURCE = ("spikes", "count")
HIDDEN = ("z_state", "v", "spikes", "psi", "count", "g", "y", "y_residual", "y1", "y2", "y3")
READOUT = ("o_plus", "o_minus", "prediction", "error", "y", "y_residual", "d_hat", "d_residual", "spikes", "y1", "y2")
"""Variables of the kinds of layers, in the order in which a step computes them."""


def shapes(config: Config) -> dict[str, dict[str, tuple[int, ...]]]:
    """Layer -> variable -> shape, in the order of computation: source, hidden layers, readout, W1.., M1..."""
    widths, n_out = config.widths, config.readout.n
    layers = {"source": dict.fromkeys(SOURCE, (config.n_in,))}
    layers |= {f"hidden{i}": dict.fromkeys(HIDDEN, (layer.n,)) for i, layer in enumerate(config.hidden, 1)}
    layers["readout"] = dict.fromkeys(READOUT, (n_out,)) | {"prediction": (1,)}
    layers |= {f"W{i}": {"weights": (widths[i], widths[i - 1])} for i in range(1, config.depth + 2)}
    layers |= {f"M{i}": {"weights": (widths[i], n_out)} for i in range(1, config.depth + 1)}
    return layers


def before_the_first(config: Config, state: State) -> Record:
    """One row (1, *shape) per variable: what a network that starts from `state` holds before its first step."""
    rows = {layer: {name: np.zeros((1, *shape), np.int64) for name, shape in variables.items()}
            for layer, variables in shapes(config).items()}
    rows["readout"]["prediction"][:] = -1
    rows["readout"]["d_residual"][0] = state.d_residual
    for i, residual in enumerate(state.y_residual, 1):
        rows[f"hidden{i}" if i <= config.depth else "readout"]["y_residual"][0] = residual
        rows[f"W{i}"]["weights"][0] = state.weights[i - 1]
    for i, z_state in enumerate(state.z_state, 1):
        rows[f"hidden{i}"]["z_state"][0] = z_state
        rows[f"M{i}"]["weights"][0] = state.feedback[i - 1]
    return rows


def last_rows(record: Record) -> Record:
    """The record's last step alone, (1, *shape)."""
    return {layer: {name: values[-1:].copy() for name, values in variables.items()} for layer, variables in record.items()}


def state_after(config: Config, record: Record, n_trained: int) -> State:
    """The state that a record ends with; n_trained: samples learned by then."""
    last = {layer: {name: values[-1].astype(np.int32) for name, values in variables.items()}
            for layer, variables in record.items()}
    hidden = [last[f"hidden{i}"] for i in range(1, config.depth + 1)]
    return State(
        weights=[last[f"W{i}"]["weights"] for i in range(1, config.depth + 2)],
        feedback=[last[f"M{i}"]["weights"] for i in range(1, config.depth + 1)],
        z_state=[layer["z_state"] for layer in hidden],
        y_residual=[layer["y_residual"] for layer in (*hidden, last["readout"])],
        d_residual=last["readout"]["d_residual"], n_trained=n_trained)
