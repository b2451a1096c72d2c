"""The twin behind the calls of `lava_opzo.engine.LavaEngine`, so that every job runs on either."""
import numpy as np

from lava_opzo import ranges
from lava_opzo.config import Config
from lava_opzo.state import State, check_start


class TwinEngine:
    """One network in the compiled twin; nothing runs between calls, so there is nothing to stop.

    config, state: what to run and where to start; `state` stays as it is.
    """

    chunk = 2048
    """Samples of one call: a fraction of a second."""

    def __init__(self, config: Config, state: State):
        check_start(config, state)
        self.config, self._state = config, state.copy()
        self._touches = np.zeros(2 * config.depth + 1, np.int64)
        self._spikes, self._samples = np.zeros(config.depth, np.int64), 0
        self.largest = {}
        """The largest values seen, by layer and variable (`lava_opzo.ranges`)."""

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop()

    def train(self, frames: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Learn the samples in order; returns the predictions made on the way."""
        from lava_opzo import twin

        result = twin.train(self.config, self._state, frames, labels)
        self._touches += np.concatenate([result.weight_touches, result.feedback_touches])
        self._spikes += result.spikes.sum(axis=0)
        self._samples += len(frames)
        self.largest = ranges.merge(self.largest, result.largest)
        return result.predictions

    def evaluate(self, frames: np.ndarray) -> np.ndarray:
        """Predict without noise and without learning."""
        from lava_opzo import twin

        result = twin.evaluate(self.config, self._state, frames)
        self.largest = ranges.merge(self.largest, result.largest)
        return result.predictions

    def state(self) -> State:
        return self._state.copy()

    def spike_rates(self) -> list[float]:
        """Share of the steps of all windows in which a neuron of each hidden layer spiked, over all samples learned here."""
        steps = max(1, self._samples * self.config.schedule().window_steps)
        return [float(spikes / (steps * layer.n)) for spikes, layer in zip(self._spikes, self.config.hidden)]

    @property
    def rail_touches(self) -> dict[str, int]:
        """Entries that an update left at a rail, per connection."""
        depth = self.config.depth
        names = [*(f"W{i}" for i in range(1, depth + 2)), *(f"M{i}" for i in range(1, depth + 1))]
        return dict(zip(names, self._touches.tolist()))

    def stop(self) -> None:
        """Nothing to end."""
