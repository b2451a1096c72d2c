"""What the hidden layers do while a network learns: spike rates and the alignment of M, as lines of metrics.jsonl."""
import numpy as np

from lava_opzo.runs.alignment import SAMPLES, alignment
from lava_opzo.network.network import Config
from lava_opzo.network.state import State


class LayerMetrics:
    """Looks at a running engine now and then.

    engine: as `lava_opzo.engines.registry.factory` makes it. frames: samples to measure the alignment at. n_trained: where the engine starts.
    carried: what `carried` gave when an earlier part of the run stopped there, {} for none.
    """

    def __init__(self, config: Config, engine, frames: np.ndarray, model: str, n_trained: int, carried: dict):
        self._config, self._engine, self._model = config, engine, model
        self._frames, self._start = frames[:SAMPLES], n_trained
        self._first, self._last = carried.get("first", n_trained), carried.get("looked_at", n_trained)
        self._before = np.array(carried.get("spikes", [0.0] * config.depth))
        self._seen = np.array(carried.get("spikes_then", [0.0] * config.depth))

    def _spikes(self, n_trained: int) -> np.ndarray:
        """Spike rates times samples, summed over the whole run."""
        return self._before + np.multiply(self._engine.spike_rates(), n_trained - self._start)

    def carried(self, n_trained: int) -> dict:
        """What a resumed run needs to give the figures of an unbroken one."""
        return {"first": self._first, "spikes": self._spikes(n_trained).tolist(), "looked_at": self._last,
                "spikes_then": self._seen.tolist()}

    def spike_rates(self, n_trained: int) -> list[float]:
        """Spikes per step and neuron of each hidden layer, over the whole run."""
        return (self._spikes(n_trained) / max(1, n_trained - self._first)).tolist()

    def due(self, n_trained: int) -> bool:
        """True where the run has passed a power of two since the last look: dense at the start, where M turns fastest."""
        return n_trained.bit_length() > self._last.bit_length()

    def look(self, n_trained: int, state: State) -> dict:
        """A line of metrics: spike_rates of each hidden layer since the last look, alignment of each (or None) in `state`."""
        spikes = self._spikes(n_trained)
        rates = (spikes - self._seen) / max(1, n_trained - self._last)
        self._seen, self._last = spikes, n_trained
        return {"kind": "layers", "n_trained": n_trained, "spike_rates": rates.tolist(),
                "alignment": alignment(self._config, state, self._frames, self._model)}
