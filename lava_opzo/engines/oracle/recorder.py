"""The plain-Python oracle as an engine that records."""
import numpy as np

from lava_opzo.engines.oracle import error, sample
from lava_opzo.engines.record import Record, before_the_first, last_rows
from lava_opzo.engines.unfold import Quantities, place
from lava_opzo.network.network import Config
from lava_opzo.network.state import State


class OracleRecorder:
    """Runs `lava_opzo.engines.oracle.sample` sample by sample; config, state: what to run and where to start."""

    def __init__(self, config: Config, state: State, rows: int):
        self._config, self._before = config, before_the_first(config, state)
        self._plain = _plain_config(config)
        self._state = {"W": _lists(state.weights), "M": _lists(state.feedback), "z_state": _lists(state.z_state),
                       "y_residual": _lists(state.y_residual), "d_residual": state.d_residual.tolist(),
                       "n_trained": state.n_trained}

    def sample(self, frames: np.ndarray, label: int) -> Record:
        """Learn one sample: frames (rows, n_in), its label. Returns its record."""
        before, frames = self._state, frames.tolist()
        seen, self._state = sample.train_sample(self._plain, before, frames, label)
        record = place(self._config, _quantities(self._config, before, self._state, seen), self._before)
        self._before = last_rows(record)
        return record

    def stop(self) -> None:
        """Nothing to end."""


def _lists(arrays):
    return [array.tolist() for array in arrays]


def _arrays(lists):
    return [np.array(values, np.int64) for values in lists]


def _plain_config(config: Config) -> dict:
    names = ("vth", "dv", "bias_mant", "bias_exp", "psi_width", "y_shift", "x_shift")
    shared = ("windows", "x_max", "d_bits", "decay_period", "halve_every", "max_halvings")
    return {name: getattr(config, name) for name in shared} | {
        "K": config.steps, "hidden": [{name: getattr(layer, name) for name in names} for layer in config.hidden],
        "readout": {name: getattr(config.readout, name) for name in ("error_shift", "y_shift", "d_shift", "x_shift")}}


def _quantities(config, before, after, seen) -> Quantities:
    steps, positive = seen["steps"], [max(error, 0) for error in seen["error"]]
    updates, ranks = seen["updates"], config.x_max

    def over_steps(name):
        return [np.array([step[name][i] for step in steps], np.int64) for i in range(config.depth)]

    return Quantities(
        n_trained=before["n_trained"], payload=np.array([step["payload"] for step in steps], np.int64),
        **{name: over_steps(name) for name in ("spikes", "v", "psi", "count")},
        **{name: np.array([step[name] for step in steps], np.int64) for name in ("o_plus", "o_minus")},
        prediction=seen["prediction"], z_state=_arrays(after["z_state"]), error=np.array(seen["error"], np.int64),
        g_positive=[np.array([error.feedback(row, positive) for row in matrix], np.int64) for matrix in before["M"]],
        g=_arrays(seen["g"]), y=_arrays(seen["y"]), y_residual=_arrays(after["y_residual"]),
        d_hat=np.array(seen["dhat"], np.int64), d_residual=np.array(after["d_residual"], np.int64), x=_arrays(seen["x"]),
        weights=[_arrays(W) for _, W, _ in updates[:ranks]], feedback=[_arrays(M) for _, _, M in updates[ranks:]])
