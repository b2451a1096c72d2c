"""The floating-point twin as an engine of jobs."""
import numpy as np

from lava_opzo.engines.twin.base import CompiledEngine


class FloatingTwinEngine(CompiledEngine):
    """One network in the compiled real numbers, which have neither rails nor limits."""

    def train(self, frames: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Learn the samples in order; returns the predictions made on the way."""
        from lava_opzo.engines.twin.reals import loop

        predictions, spikes = loop.train(self.config, self._state, frames, labels)
        self._spikes += spikes
        self._samples += len(frames)
        return predictions

    def evaluate(self, frames: np.ndarray) -> np.ndarray:
        """Predict without noise and without learning."""
        from lava_opzo.engines.twin.reals import loop

        return loop.evaluate(self.config, self._state, frames)
