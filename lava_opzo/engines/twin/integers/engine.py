"""The twin as an engine of jobs."""
import numpy as np

from lava_opzo.engines import largest
from lava_opzo.engines.twin.base import CompiledEngine
from lava_opzo.network.checks import check_start
from lava_opzo.network.network import Config
from lava_opzo.network.state import State


class TwinEngine(CompiledEngine):
    """One network in the compiled integers. Raises UserError for a network or state that no integer engine should start from."""

    def __init__(self, config: Config, state: State):
        check_start(config, state)
        super().__init__(config, state)
        depth = config.depth
        self.rail_touches = {name: 0 for name in (*(f"W{i}" for i in range(1, depth + 2)), *(f"M{i}" for i in range(1, depth + 1)))}

    def train(self, frames: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Learn the samples in order; returns the predictions made on the way."""
        from lava_opzo.engines.twin.integers import loop

        result = loop.train(self.config, self._state, frames, labels)
        touches = (*result.weight_touches.tolist(), *result.feedback_touches.tolist())
        self.rail_touches = {name: before + new for (name, before), new in zip(self.rail_touches.items(), touches)}
        self._spikes += result.spikes.sum(axis=0)
        self._samples += len(frames)
        self.largest = largest.merge(self.largest, result.largest)
        return result.predictions

    def evaluate(self, frames: np.ndarray) -> np.ndarray:
        """Predict without noise and without learning."""
        from lava_opzo.engines.twin.integers import loop

        result = loop.evaluate(self.config, self._state, frames)
        self.largest = largest.merge(self.largest, result.largest)
        return result.predictions
