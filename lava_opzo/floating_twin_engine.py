"""The floating-point twin as an engine of jobs."""
import numpy as np

from lava_opzo.compiled_engine import CompiledEngine


class FloatingTwinEngine(CompiledEngine):
    """One network in the compiled real numbers, which have neither rails nor limits."""

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
