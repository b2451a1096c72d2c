"""In-the-loop learning: forward windows in stock LIF and Dense, the exact integer update on the host.

The same calls as `lava_opzo.engines.lava.engine.LavaEngine`. In the simulator the exchange refers to the states of the network, because
`Var.set` takes 25 us an element there; a board has Vars only (lava_opzo.engines.in_the_loop.variables).
"""

import numpy as np

from lava_opzo.arithmetic.fixed import error, noise
from lava_opzo.engines.in_the_loop.gates import check_gate, from_count, psi
from lava_opzo.engines.in_the_loop.operations import NOTHING, SampleCounts, of_sample
from lava_opzo.engines.in_the_loop.update import Observation, learn, next_noise
from lava_opzo.engines.largest import Largest
from lava_opzo.engines.lava.plugins import refuse_python_models
from lava_opzo.errors import SimulationError, UserError
from lava_opzo.learning.credit import require_local
from lava_opzo.network.network import Config
from lava_opzo.network.state import State
from lava_opzo.silicon.profile import STATE_SHIFT

EXCHANGES = {
    "references": "whole arrays by reference ports in the network (simulator)",
    "variables": "Var.get and Var.set between runs (what a board has; slow in the simulator)",
}
"""How the host reads and writes states."""

CHUNK = 16
"""Samples of one call to train: about half a second."""


class InTheLoopEngine:
    """One network whose learning state lives on the host. Use it as a context manager, or call `stop`.

    config, state: as for LavaEngine; the state is copied. gate: a key of `lava_opzo.engines.in_the_loop.gates.GATES`. exchange: a key of
    EXCHANGES. board: run on Loihi 2 by lava-loihi, which takes the exchange "variables". n_frames: rows of a sample (1 or K).
    timeout: seconds that one run of the network may take before it counts as hung.
    Raises UserError for an unknown gate or exchange, NoBoardError for a board without lava-loihi.
    """

    def __init__(
        self,
        config: Config,
        state: State,
        *,
        gate: str = "psi",
        exchange: str = "references",
        board: bool = False,
        n_frames: int = 1,
        timeout: float = 60.0,
    ):
        from lava.magma.core.run_configs import Loihi2HwCfg, Loihi2SimCfg

        from lava_opzo.engines.in_the_loop.graph import ForwardNetwork
        from lava_opzo.engines.in_the_loop.schedule import ForwardSchedule
        from lava_opzo.engines.in_the_loop.variables import BoardAdapters, Variables
        from lava_opzo.engines.in_the_loop.windows import SharedWindows
        from lava_opzo.engines.lava import watchdog

        require_local(config.credit)
        check_gate(gate)
        if exchange not in EXCHANGES or (board and exchange != "variables"):
            raise UserError(f"exchange '{exchange}' is not one of {', '.join(EXCHANGES)}, of which a board has variables only")
        self.config, self.gate, self._timeout, self._watchdog = config, gate, timeout, watchdog
        self._state = state.copy()
        self._touches = {f"W{i}": 0 for i in range(1, config.depth + 2)} | {f"M{i}": 0 for i in range(1, config.depth + 1)}
        self._memory = SharedWindows(config, n_frames)
        self._schedule = ForwardSchedule(config.depth, config.steps)
        self._weights_changed, self._n_learned, self._counts = True, 0, NOTHING
        self._spikes = np.zeros(config.depth, np.int64)
        self.chunk = CHUNK
        self.largest: Largest = {}
        """Empty: currents and membranes live in stock models that keep no largest value."""
        self.network = ForwardNetwork(config, state, self._memory, exchange == "references", BoardAdapters() if board else None)
        self._variables = Variables(self.network, self._run) if exchange == "variables" else None
        configuration = Loihi2HwCfg() if board else Loihi2SimCfg(select_tag="fixed_pt")
        watchdog.start(self.network.exchange, configuration, {"pypy_channel_size": 2})
        if board:
            self._refuse_python_models()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop()

    def train(self, frames: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Learn the samples in order: frames uint8 (n, n_frames, n_in), labels (n,). Returns the predictions made on the way.

        Raises SimulationError when a process dies or the forward windows contradict themselves; that sample then changes nothing.
        """
        predictions = np.zeros(len(frames), np.int32)
        for i, (sample, label) in enumerate(zip(frames, labels)):
            z_state = next_noise(self._state)
            seen = self._forward(sample, self.config.windows, [noise.sign(z) for z in z_state])
            self._state.z_state = z_state
            predictions[i] = error.predict(seen.o_plus + seen.o_minus)
            self._learn(sample, seen, int(label))
        return predictions

    def evaluate(self, frames: np.ndarray) -> np.ndarray:
        """Predict without noise and without learning: frames uint8 (n, n_frames, n_in). Returns predictions int32 (n,)."""
        silent = [np.zeros(layer.n, np.int32) for layer in self.config.hidden]
        return np.array([error.predict(self._forward(sample, 1, silent).o_plus) for sample in frames], np.int32)

    def state(self) -> State:
        """The learned state, a copy."""
        return self._state.copy()

    @property
    def rail_touches(self) -> dict[str, int]:
        """Entries that an update left at a rail, per connection."""
        return dict(self._touches)

    @property
    def counts(self) -> SampleCounts:
        """Operations per sample, over all samples learned here."""
        return self._counts.per(self._n_learned)

    def spike_rates(self) -> list[float]:
        """Share of the steps of all windows in which a neuron of each hidden layer spiked, over all samples learned here."""
        steps = self._n_learned * self.config.schedule().window_steps
        return [float(spikes / max(1, steps * layer.n)) for spikes, layer in zip(self._spikes, self.config.hidden)]

    def stop(self) -> None:
        self._watchdog.stop(self.network.exchange)

    def _forward(self, sample: np.ndarray, windows: int, signs: list[np.ndarray]) -> Observation:
        config, memory = self.config, self._memory
        for bias, layer, z in zip(memory.bias, config.hidden, signs):
            bias[0] = z * layer.bias_mant
            bias[1:] = -bias[0]
        if self._weights_changed:
            for shared, weights in zip(memory.weights, self._state.weights):
                shared[:] = weights
        learns = any(z.any() for z in signs)
        memory.post(sample, windows, learns and self.gate == "psi", self._weights_changed)
        if self._variables:
            self._variables.sample(self._schedule, memory)
        else:
            self._run(self._schedule.length(windows))
        self._weights_changed = False
        return self._observe(sample, windows, learns)

    def _refuse_python_models(self) -> None:
        try:
            refuse_python_models([*self.network.dense, *self.network.hidden, self.network.readout])
        except UserError:
            self.stop()
            raise

    def _run(self, steps: int) -> None:
        self._watchdog.run(self.network.exchange, steps, self._timeout)

    def _observe(self, sample: np.ndarray, windows: int, learns: bool) -> Observation:
        config, memory = self.config, self._memory
        rows = windows * config.steps
        hidden_counts = [spikes[:rows].sum(axis=0, dtype=np.int32) for spikes in memory.spikes]
        counts = [sample.sum(axis=0, dtype=np.int32) * (rows // len(sample)), *hidden_counts]
        sums = memory.readout.astype(np.int64) >> STATE_SHIFT
        sums[windows:] = 0
        self._check_readout(sums.sum(axis=0), hidden_counts[-1])
        gates = self._gates(hidden_counts, rows) if learns else []
        return Observation(counts, gates, sums[0], sums[1] if config.windows == 2 else np.zeros_like(sums[0]))

    def _gates(self, counts: list[np.ndarray], rows: int) -> list[np.ndarray]:
        if self.gate == "count":
            return [from_count(count, rows) for count in counts]
        memory = self._memory
        return [
            psi(layer, spikes, u, bias << layer.bias_exp, self.config.steps)
            for layer, spikes, u, bias in zip(self.config.hidden, memory.spikes, memory.u, memory.bias)
        ]

    def _check_readout(self, sums: np.ndarray, count: np.ndarray) -> None:
        """The readout is linear, so its sums must be the weights times the counts; a clipped membrane or a lost spike shows
        here.
        """
        expected = self._state.weights[-1].astype(np.int64) @ count
        wrong = np.flatnonzero(sums != expected)
        if wrong.size:
            q = int(wrong[0])
            raise SimulationError(
                f"readout neuron {q}: its membrane holds {sums[q]}, the spike counts give {expected[q]} (limit 131071); "
                "lower w_sigma of the readout or use fewer steps, else the forward windows do not compute as specified"
            )

    def _learn(self, sample: np.ndarray, seen: Observation, label: int) -> None:
        factors, touches = learn(self.config, self._state, seen, label)
        for name, n in touches.items():
            self._touches[name] += n
        self._weights_changed = True
        self._n_learned += 1
        self._counts += of_sample(self.config, sample, seen, factors)
        self._spikes += [int(count.sum()) for count in seen.counts[1:]]
