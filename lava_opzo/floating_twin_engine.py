"""The floating-point twin behind the calls of `lava_opzo.engine.LavaEngine`."""
import numpy as np

from lava_opzo.config import Config
from lava_opzo.state import State


class FloatingTwinEngine:
    """One network in the compiled real numbers; config, state: what to run and where to start, `state` stays as it is."""

    chunk = 2048
    """Samples of one call: a fraction of a second."""

    rail_touches: dict[str, int] = {}
    """Real numbers have no rails."""

    largest: dict[str, dict[str, int]] = {}
    """Real numbers have no limits."""

    def __init__(self, config: Config, state: State):
        self.config, self._state = config, state.copy()
        self._spikes, self._samples = np.zeros(config.depth, np.int64), 0

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop()

    def train(self, frames: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Learn the samples in order; returns the predictions made on the way."""
        from lava_opzo import floating_twin

        predictions, spikes = floating_twin.train(self.config, self._state, frames, labels)
        self._spikes += spikes
        self._samples += len(frames)
        return predictions

    def evaluate(self, frames: np.ndarray) -> np.ndarray:
        """Predict without noise and without learning."""
        from lava_opzo import floating_twin

        return floating_twin.evaluate(self.config, self._state, frames)

    def state(self) -> State:
        return self._state.copy()

    def spike_rates(self) -> list[float]:
        """Share of the steps of all windows in which a neuron of each hidden layer spiked, over all samples learned here."""
        steps = max(1, self._samples * self.config.schedule().window_steps)
        return [float(spikes / (steps * layer.n)) for spikes, layer in zip(self._spikes, self.config.hidden)]

    def stop(self) -> None:
        """Nothing to end."""
