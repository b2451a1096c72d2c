"""A network in an engine that is started when it is needed and may be ended: what was learned and counted stays."""
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np

from lava_opzo.engines import registry
from lava_opzo.engines.engine import Engine, Seen
from lava_opzo.errors import SimulationError
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.network.checks import check_kept
from lava_opzo.network.state import State, settle
from lava_opzo.runs import changes
from lava_opzo.runs.counted import Counted

Answer = TypeVar("Answer")


class Session:
    """An experiment's network, its state, its counts, and the engine that has them while it runs.

    engine: a name. Raises UserError for an engine that cannot learn this network, and for a state that no engine leaves.
    """

    def __init__(self, experiment: Experiment, state: State, counted: Counted, engine: str) -> None:
        registry.check(engine, experiment.number, experiment.network)
        check_kept(experiment.network, state, experiment.number, counted.moved)
        self.experiment, self._state, self._counted, self._name = experiment, state, counted, engine
        self._engine: Engine | None = None
        self._rows, self._learned, self._lost = 0, 0, False
        self._first = counted.layers.get("first", state.n_trained)
        self._spikes = np.array(counted.layers.get("spikes", [0.0] * experiment.network.depth))

    def train(self, frames: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Learn samples; the predictions made on the way. Shapes: as `lava_opzo.engines.engine.Engine.train`."""
        predictions = self._asked(frames, lambda engine: engine.train(frames, labels))
        self._learned += len(frames)
        return predictions

    def evaluate(self, frames: np.ndarray, every_step: bool = False) -> np.ndarray:
        """Predict without noise and without learning. Shapes: as `lava_opzo.engines.engine.Engine.evaluate`."""
        return self._asked(frames, lambda engine: engine.evaluate(frames, every_step))

    def settle(self) -> None:
        """Let the next sample begin at rest."""
        self._refuse_lost()
        if self._engine is None:
            settle(self.experiment.network, self._state)
        else:
            self._guarded(self._engine.settle)

    def state(self) -> State:
        """The learned state, a copy."""
        self._refuse_lost()
        return self._state.copy() if self._engine is None else self._engine.state()

    def counted(self) -> Counted:
        """The counts of everything learned, loaded parts included."""
        self._refuse_lost()
        return self._counts()[0]

    def seen(self) -> Seen:
        """What was seen over everything learned, loaded parts included."""
        self._refuse_lost()
        counted, spikes = self._counts()
        samples = self._state.n_trained + self._learned - self._first
        return Seen((spikes / max(1, samples)).tolist(), counted.touches, counted.largest)

    def change(self, changed: Experiment) -> None:
        """Go on with other constants. Raises UserError, and changes nothing, where they do not go with engine or state."""
        self.rest()
        new = changes.changes(self.experiment, changed, self._state.n_trained)
        counted = replace(self._counted, changes=self._counted.changes + new)
        registry.check(self._name, changed.number, changed.network)
        check_kept(changed.network, self._state, changed.number, counted.moved)
        self.experiment, self._counted = changed, counted

    def rest(self) -> None:
        """End the engine, and keep what it has learned."""
        self._refuse_lost()
        if self._engine is None:
            return
        try:
            state, (counted, spikes), ended = self._engine.state(), self._counts(), self._engine
        except SimulationError:
            self._lose()
            raise
        self._state, self._counted, self._spikes, self._engine, self._learned = state, counted, spikes, None, 0
        ended.stop()

    def _asked(self, frames: np.ndarray, question: Callable[[Engine], np.ndarray]) -> np.ndarray:
        self._refuse_lost()
        if self._engine is not None and self._rows != frames.shape[1]:
            self.rest()
        if self._engine is None:
            self._rows, experiment = frames.shape[1], self.experiment
            self._engine = registry.make(self._name, experiment.network, self._state, experiment.number, self._rows)
        engine = self._engine
        return self._guarded(lambda: question(engine))

    def _guarded(self, call: Callable[[], Answer]) -> Answer:
        """What the running engine does; where its processes fail, what it has learned is lost."""
        try:
            return call()
        except SimulationError:
            self._lose()
            raise

    def _counts(self) -> tuple[Counted, np.ndarray]:
        """(counts, spike rates times samples) of everything learned."""
        if self._engine is None:
            return self._counted, self._spikes
        seen = self._engine.seen()
        spikes, n_trained = self._spikes + np.multiply(seen.spike_rates, self._learned), self._state.n_trained + self._learned
        layers = {"first": self._first, "spikes": spikes.tolist(), "measured_at": n_trained, "spikes_measured": spikes.tolist()}
        return replace(self._counted.with_seen(seen), hits=0, layers=layers), spikes

    def _lose(self) -> None:
        self._lost = True
        if self._engine is not None:
            self._engine.stop()

    def _refuse_lost(self) -> None:
        if self._lost:
            raise SimulationError("learner: its processes failed or were interrupted, and what they had learned is lost; go on "
                                  "from what was saved with Learner.load")
