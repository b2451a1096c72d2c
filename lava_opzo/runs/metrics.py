"""What the hidden layers do while a network learns: spike rates and the alignment of M, as lines of metrics.jsonl."""
from typing import Any

import numpy as np

from lava_opzo.engines.engine import Engine
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.runs.alignment import SAMPLES, alignment


class LayerMetrics:
    """Measures a running engine now and then.

    frames: samples to measure the alignment at. number: the numbers that the engine computes in. n_trained: where the engine
    starts. before: what `counted` gave when an earlier part of the run stopped there, {} for none.
    """

    def __init__(self, network: Network, engine: Engine, frames: np.ndarray, number: str, n_trained: int, before: dict[str, Any]):
        self._network, self._engine, self._number = network, engine, number
        self._frames, self._start = frames[:SAMPLES], n_trained
        self._first, self._measured_at = before.get("first", n_trained), before.get("measured_at", n_trained)
        self._before = np.array(before.get("spikes", [0.0] * network.depth))
        self._measured = np.array(before.get("spikes_measured", [0.0] * network.depth))

    def _spikes(self, n_trained: int) -> np.ndarray:
        """Spike rates times samples, summed over the whole run."""
        return self._before + np.multiply(self._engine.seen().spike_rates, n_trained - self._start)

    def counted(self, n_trained: int) -> dict[str, Any]:
        """What a resumed run needs to give the figures of an unbroken one."""
        return {"first": self._first, "spikes": self._spikes(n_trained).tolist(), "measured_at": self._measured_at,
                "spikes_measured": self._measured.tolist()}

    def spike_rates(self, n_trained: int) -> list[float]:
        """Spikes per step and neuron of each hidden layer, over the whole run."""
        return (self._spikes(n_trained) / max(1, n_trained - self._first)).tolist()

    def wanted(self, n_trained: int) -> bool:
        """Whether the run has passed a power of two since the last measurement: often at the start, where M turns fastest."""
        return n_trained.bit_length() > self._measured_at.bit_length()

    def measure(self, n_trained: int, state: State) -> dict[str, Any]:
        """A line of metrics: of each hidden layer spike_rates since the last measurement, and alignment (or None) in `state`."""
        spikes = self._spikes(n_trained)
        rates = (spikes - self._measured) / max(1, n_trained - self._measured_at)
        self._measured, self._measured_at = spikes, n_trained
        return {"kind": "layers", "n_trained": n_trained, "spike_rates": rates.tolist(),
                "alignment": alignment(self._network, state, self._frames, self._number)}
