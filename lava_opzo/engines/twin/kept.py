"""What a state holds beside weights, as the compiled loops keep it: differences of the outputs, and their running means."""
import numpy as np

from lava_opzo.network.network import Network
from lava_opzo.network.state import State, baseline_name, baseline_shape


def kept_differences(network: Network, state: State, dtype: type) -> np.ndarray:
    """d_residual of all readouts of a state, a copy (R, n_out)."""
    return np.stack([state[f"{readout.name}.d_residual"] for readout in network.readouts]).astype(dtype)


def given_differences(network: Network, residual: np.ndarray) -> dict[str, np.ndarray]:
    """What `kept_differences` made, by its names in a `State`, copies."""
    return {f"{readout.name}.d_residual": row.copy() for readout, row in zip(network.readouts, residual, strict=True)}


def kept_baseline(network: Network, state: State, dtype: type) -> np.ndarray:
    """The scaled means (n_out, means) of a state, a copy; no column where there are none."""
    shape = baseline_shape(network)
    return state[baseline_name(network)].astype(dtype) if shape else np.zeros((network.readout.n, 0), dtype)


def given_baseline(network: Network, means: np.ndarray) -> dict[str, np.ndarray]:
    """What `kept_baseline` made, by its name in a `State`, a copy; nothing where there are none."""
    return {baseline_name(network): means.copy()} if baseline_shape(network) else {}
