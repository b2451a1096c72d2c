"""What the compiled engines share: one network, and what their loops tell of its samples."""
from dataclasses import dataclass
from types import ModuleType
from typing import ClassVar

import numpy as np

from lava_opzo.engines import largest, touches
from lava_opzo.engines.engine import Abilities, Seen
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.silicon.readouts import CLASSES


@dataclass
class Result:
    """What a compiled loop saw of some samples; rail_touches and largest as in `lava_opzo.engines.engine.Seen`.

    Shapes:
        predictions: (n_samples,), or (n_samples, n_out) where outputs are no classes. spikes: (n_samples, L), spikes of each
        hidden layer over all windows of a sample.
    """

    predictions: np.ndarray
    spikes: np.ndarray
    rail_touches: touches.Touches | None
    largest: largest.Largest | None


def rows_of(labels: np.ndarray) -> np.ndarray:
    """Labels as the loops take them, a row a sample: (n, 1) classes, or (n, n_out)."""
    return labels[:, None] if labels.ndim == 1 else labels


def given(network: Network, answers: np.ndarray) -> np.ndarray:
    """What the loops answered, (n, 1) or (n, n_out), as engines give it."""
    return answers[:, 0].copy() if network.readout.kind == CLASSES else answers


class CompiledEngine:
    """One network in a compiled loop. Nothing runs between calls, so there is nothing to stop.

    network, state: what to run and where to start; `state` stays as it is. A subclass names its `abilities` and its `loop`, a
    module with `train(network, state, frames, labels)` and `evaluate(network, state, frames)`, which return a `Result`.
    """

    abilities: ClassVar[Abilities]
    loop: ClassVar[ModuleType]
    chunk = 2048
    """Samples of one call: a fraction of a second."""

    def __init__(self, network: Network, state: State) -> None:
        self.network, self._state = network, state.copy()
        self._spikes, self._samples = np.zeros(network.depth, np.int64), 0
        self._touches = {connection.name: 0 for connection in network.connections} if self.abilities.counts_touches else None
        self._largest: largest.Largest | None = {} if self.abilities.keeps_largest else None

    def __enter__(self) -> "CompiledEngine":
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def train(self, frames: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Learn the samples in order; the predictions made on the way, int32 (n,), or (n, n_out) where outputs are no classes.

        Shapes:
            frames: uint8 (n, 1 or K, n_in). labels: (n,), or (n, n_out).
        """
        result = self.loop.train(self.network, self._state, frames, labels)
        self._spikes += result.spikes.sum(axis=0)
        self._samples += len(frames)
        self._touches = touches.add(self._touches, result.rail_touches)
        self._largest = largest.merge(self._largest, result.largest)
        return result.predictions

    def evaluate(self, frames: np.ndarray) -> np.ndarray:
        """Predict without noise and without learning, int32 as `train`."""
        result = self.loop.evaluate(self.network, self._state, frames)
        self._largest = largest.merge(self._largest, result.largest)
        return result.predictions

    def state(self) -> State:
        """The learned state, a copy."""
        return self._state.copy()

    def seen(self) -> Seen:
        """What was seen so far; the largest values of evaluated samples, too."""
        steps = max(1, self._samples * self.network.schedule().window_steps)
        rates = [float(spikes / (steps * layer.n)) for spikes, layer in zip(self._spikes, self.network.hidden)]
        return Seen(rates, self._touches, self._largest)

    def stop(self) -> None:
        """Nothing to end."""
