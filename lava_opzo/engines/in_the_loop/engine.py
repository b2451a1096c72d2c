"""In-the-loop learning: forward windows in stock LIF, Dense and Conv, the exact integer update on the host.

In the simulator the exchange refers to the states of the graph, because `Var.set` takes 25 us an element there; a board has Vars
only (lava_opzo.engines.in_the_loop.variables).
"""
from typing import ClassVar

import numpy as np
from lava.magma.core.run_configs import Loihi2HwCfg, Loihi2SimCfg

from lava_opzo.arithmetic.fixed import noise
from lava_opzo.arithmetic.fixed.error import answer
from lava_opzo.engines.engine import Abilities, Seen
from lava_opzo.engines.in_the_loop.graph import ForwardGraph
from lava_opzo.engines.in_the_loop.observe import Observation, observation
from lava_opzo.engines.in_the_loop.operations import NOTHING, SampleCounts, of_sample
from lava_opzo.engines.in_the_loop.update import learn, next_noise
from lava_opzo.engines.in_the_loop.variables import Variables
from lava_opzo.engines.in_the_loop.windows import SharedWindows, held
from lava_opzo.engines.lava import watchdog
from lava_opzo.engines.lava.adapters import BoardAdapters
from lava_opzo.engines.lava.fixed import FIXED
from lava_opzo.engines.lava.plugins import refuse_python_models
from lava_opzo.engines.record import Label
from lava_opzo.engines.samples import check_every_step, check_labels, empty_answers, shown_frames, shown_rows
from lava_opzo.errors import UserError
from lava_opzo.network.checks import check_start
from lava_opzo.network.network import Network
from lava_opzo.network.state import State

EXCHANGES = {
    "references": "whole arrays by reference ports in the graph (simulator)",
    "variables": "Var.get and Var.set between runs (what a board has; slow in the simulator)",
}
"""How the host reads and writes states."""

CHUNK = 16
"""Samples of one call to train: about half a second."""


class InTheLoopEngine:
    """One network whose learning state lives on the host: an `lava_opzo.engines.engine.Engine`.

    The state is copied. The gate is `network.learning.gate`. exchange: a key of EXCHANGES. board: run on Loihi 2 by lava-loihi,
    which takes the exchange "variables". n_frames: rows of a sample (1 or K). timeout: seconds that one run of the graph may
    take before it counts as hung.

    Raises UserError for an unknown exchange and for a state that no integer engine starts from, NoBoardError for a board without
    lava-loihi.
    """

    abilities: ClassVar[Abilities] = Abilities(numbers=("fixed",), credits=("opzo", "dfa"), topologies=FIXED,
                                               gates=("psi", "count"), keeps_largest=False, records=False, floors=False)

    def __init__(self, network: Network, state: State, *, exchange: str = "references", board: bool = False, n_frames: int = 1,
                 timeout: float = 60.0) -> None:
        if exchange not in EXCHANGES or (board and exchange != "variables"):
            raise UserError(f"exchange '{exchange}' is not one of {', '.join(EXCHANGES)}, of which a board has variables only")
        check_start(network, state)
        self.network, self.chunk = network, CHUNK
        self._state, self._timeout = state.copy(), timeout
        self._touches = dict.fromkeys((connection.name for connection in network.connections), 0)
        self._memory = SharedWindows(network, shown_rows(network, n_frames))
        self._weights_changed, self._n_learned, self._counts = True, 0, NOTHING
        self._spikes = np.zeros(network.depth, np.int64)
        self.graph = ForwardGraph(network, state, self._memory, exchange == "references", BoardAdapters() if board else None)
        self._variables = Variables(self.graph, self._run) if exchange == "variables" else None
        configuration = Loihi2HwCfg() if board else Loihi2SimCfg(select_tag="fixed_pt")
        watchdog.start(self.graph.exchange, configuration, {"pypy_channel_size": 2})
        if board:
            self._refuse_python_models()

    def __enter__(self) -> "InTheLoopEngine":
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def train(self, frames: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """As `Engine.train`.

        Raises SimulationError when a process dies or the forward windows contradict themselves; that sample then changes nothing.
        """
        frames = shown_frames(self.network, frames)
        labels, predictions = check_labels(self.network, labels, len(frames)), empty_answers(self.network, len(frames))
        for i, (sample, label) in enumerate(zip(frames, labels, strict=True)):
            generators = next_noise(self.network, self._state)
            observed = self._forward(sample, [noise.sign(z_state) for z_state in generators.values()])
            self._state.arrays |= generators
            predictions[i] = self._answer(observed.o_plus + observed.o_minus)
            self._learn(sample, observed, label)
        return predictions

    def settle(self) -> None:
        """As `Engine.settle`: samples begin at rest anyway."""

    def evaluate(self, frames: np.ndarray, every_step: bool = False) -> np.ndarray:
        """As `Engine.evaluate`."""
        check_every_step(self.network, every_step)
        frames = shown_frames(self.network, frames)
        predictions, windows = empty_answers(self.network, len(frames)), self.network.learning.windows
        for i, sample in enumerate(frames):
            observed = self._forward(sample, None)
            predictions[i] = self._answer(windows * (observed.o_plus + observed.o_minus))
        return predictions

    def state(self) -> State:
        """As `Engine.state`."""
        return self._state.copy()

    def seen(self) -> Seen:
        """As `Engine.seen`; currents and membranes live in stock models that keep no largest value."""
        steps = self._n_learned * self.network.schedule().window_steps
        rates = [float(spikes / max(1, steps * layer.n)) for spikes, layer in zip(self._spikes, self.network.hidden, strict=True)]
        return Seen(rates, dict(self._touches), None)

    @property
    def counts(self) -> SampleCounts:
        """Operations per sample, over all samples learned here."""
        return self._counts.per(self._n_learned)

    def stop(self) -> None:
        """As `Engine.stop`."""
        watchdog.stop(self.graph.exchange)

    def _answer(self, o: np.ndarray) -> int | np.ndarray:
        return answer(o, self.network.readout.error_shift, self.network.readout.kind)

    def _forward(self, sample: np.ndarray, signs: list[np.ndarray] | None) -> Observation:
        """The windows of a sample with the noise of these signs, or one window without noise."""
        learning, memory = self.network.learning, self._memory
        for i, (bias, layer) in enumerate(zip(memory.bias, self.network.hidden, strict=True)):
            bias[:] = 0 if signs is None else signs[i] * layer.bias_mant
        if self._weights_changed:
            for shared, array in zip(memory.weights, held(self.network, self._state), strict=True):
                shared[:] = array
        windows = learning.windows if signs is not None else 1
        memory.post(sample, windows, signs is not None and learning.gate == "psi", self._weights_changed)
        if self._variables:
            self._variables.sample(memory)
        else:
            self._run(memory.schedule.length(windows))
        self._weights_changed = False
        return observation(self.network, self._state, memory, sample, signs is not None)

    def _run(self, steps: int) -> None:
        watchdog.run(self.graph.exchange, steps, self._timeout)

    def _refuse_python_models(self) -> None:
        try:
            refuse_python_models(self.graph.on_chip)
        except UserError:
            self.stop()
            raise

    def _learn(self, sample: np.ndarray, observed: Observation, label: Label) -> None:
        factors, touches = learn(self.network, self._state, observed, label)
        self._touches = {name: n + touches[name] for name, n in self._touches.items()}
        self._weights_changed = True
        self._n_learned += 1
        self._counts += of_sample(self.network, sample, observed, factors)
        self._spikes += [int(count.sum()) for count in observed.counts[1:]]
