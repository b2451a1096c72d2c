"""What the compiled engines share: one network, and what their loops tell of its samples."""
from dataclasses import dataclass
from types import ModuleType
from typing import ClassVar

import numpy as np

from lava_opzo.engines import largest, touches
from lava_opzo.engines.engine import Abilities, Seen
from lava_opzo.engines.samples import check_every_step
from lava_opzo.network.network import Network
from lava_opzo.network.state import State, settle


@dataclass
class Result:
    """What a compiled loop saw of some samples; rail_touches and largest as in `lava_opzo.engines.engine.Seen`.

    Shapes:
        predictions: (n_samples,), (n_samples, K) classes of steps, or (n_samples, n_out) where outputs are no classes.
        spikes: (n_samples, L), spikes of each hidden layer over all windows of a sample.
    """

    predictions: np.ndarray
    spikes: np.ndarray
    rail_touches: touches.Touches | None
    largest: largest.Largest | None


class CompiledEngine:
    """One network in a compiled loop. Nothing runs between calls, so there is nothing to stop.

    network, state: what to run and where to start; `state` stays as it is. A subclass names its `abilities` and its `loop`, a
    module with `train(network, state, frames, labels)` and `evaluate(network, state, frames, every_step)`, each of which returns
    a `Result`.
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
        """As `lava_opzo.engines.engine.Engine.train`."""
        result = self.loop.train(self.network, self._state, frames, labels)
        self._spikes += result.spikes.sum(axis=0)
        self._samples += len(frames)
        self._touches = touches.add(self._touches, result.rail_touches)
        self._largest = largest.merge(self._largest, result.largest)
        return result.predictions

    def evaluate(self, frames: np.ndarray, every_step: bool = False) -> np.ndarray:
        """As `lava_opzo.engines.engine.Engine.evaluate`."""
        check_every_step(self.network, every_step)
        result = self.loop.evaluate(self.network, self._state, frames, every_step)
        self._largest = largest.merge(self._largest, result.largest)
        return result.predictions

    def settle(self) -> None:
        """As `lava_opzo.engines.engine.Engine.settle`."""
        settle(self.network, self._state)

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
