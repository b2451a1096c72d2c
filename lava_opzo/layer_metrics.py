"""What the hidden layers do while a network learns: spike rates and the alignment of M, as lines of metrics.jsonl."""
import numpy as np

from lava_opzo.alignment import SAMPLES, alignment
from lava_opzo.config import Config


class LayerMetrics:
    """Looks at a running engine now and then: each look reads the whole state, which takes Lava 20 us a weight.

    engine: as `lava_opzo.engines.factory` makes it. frames: samples to measure the alignment at. n_trained: where the run starts.
    """

    def __init__(self, config: Config, engine, frames: np.ndarray, model: str, n_trained: int):
        self._config, self._engine, self._model = config, engine, model
        self._frames = frames[:SAMPLES]
        self._start = self._last = n_trained
        self._spikes = np.zeros(config.depth)

    def due(self, n_trained: int) -> bool:
        """True where the run has passed a power of two since the last look: dense at the start, where M turns fastest."""
        return n_trained.bit_length() > self._last.bit_length()

    def look(self, n_trained: int) -> dict:
        """A line of metrics: spike_rates of each hidden layer (spikes per step and neuron) since the last look, alignment (or None)."""
        spikes = np.multiply(self._engine.spike_rates(), n_trained - self._start)
        rates = (spikes - self._spikes) / max(1, n_trained - self._last)
        self._spikes, self._last = spikes, n_trained
        return {"kind": "layers", "n_trained": n_trained, "spike_rates": rates.tolist(),
                "alignment": alignment(self._config, self._engine.state(), self._frames, self._model)}
