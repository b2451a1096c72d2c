"""Training and evaluating a network inside Lava: the same calls for every process model, all runs under the watchdog."""
import numpy as np

from lava_opzo.engines import largest
from lava_opzo.engines.largest import Largest
from lava_opzo.engines.lava.models import run_config
from lava_opzo.engines.samples import check_frames, check_labels
from lava_opzo.engines.touches import Touches
from lava_opzo.learning.credit import require_local
from lava_opzo.network.checks import check_start
from lava_opzo.network.network import Config
from lava_opzo.network.state import State


class LavaEngine:
    """One network in Lava's simulator. Use it as a context manager, or call `stop`.

    n_frames: rows of a sample (1 or K). capacity: most samples of one call into Lava. timeout: seconds that one such call may
    take before it counts as hung. traces: layer name -> `lava_opzo.engines.lava.trace.Trace`. configuration: a Lava run configuration to use
    instead of `run_config(model, engine)`.
    """

    def __init__(self, config: Config, state: State, *, model="fixed_pt", engine="fast", n_frames=1, capacity=64,
                 traces=None, rng_seed=1, timeout=300.0, configuration=None):
        from lava_opzo.engines.lava import watchdog
        from lava_opzo.engines.lava.graph import Network
        from lava_opzo.engines.lava.mailbox import Mailbox

        require_local(config.credit)
        if model == "fixed_pt":
            check_start(config, state)
        self.config, self.model, self._timeout, self._watchdog = config, model, timeout, watchdog
        self._mailbox = Mailbox(capacity, n_frames, config.n_in, config.readout.n)
        self.network = Network(config, state, self._mailbox, traces, rng_seed, model)
        self.chunk, self._learning, self._n_learned = capacity, True, 0
        self._watches = model == "fixed_pt" and configuration is None
        self._counts_touches = self._watches and engine == "fast"
        watchdog.start(self.network.source, configuration or run_config(model, engine),
                       direct=engine == "fast" and configuration is None)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop()

    def train(self, frames: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Learn the samples in order: frames uint8 (n, n_frames, n_in), labels (n,). Returns the predictions made on the way."""
        self._n_learned += len(frames)
        return self._run(frames, check_labels(self.config, labels, len(frames)))

    def evaluate(self, frames: np.ndarray) -> np.ndarray:
        """Predict without noise and without learning: frames uint8 (n, n_frames, n_in). Returns predictions int32 (n,)."""
        return self._run(frames, None)

    def _run(self, frames, labels) -> np.ndarray:
        frames, learn = check_frames(self.config, frames), labels is not None
        if learn != self._learning:
            for process in self.network.clocked:
                self._watchdog.call(process, process.learn.set, np.array([int(learn)]))
            self._learning = learn
        length = self.config.schedule(learn).length
        predictions = []
        for start in range(0, len(frames), self._mailbox.capacity):
            part = slice(start, start + self._mailbox.capacity)
            self._mailbox.post(frames[part], labels[part] if learn else None)
            n = len(frames[part])
            self._watchdog.run(self.network.source, n * length, self._timeout)
            predictions.append(self._mailbox.predictions(n))
        return np.concatenate(predictions) if predictions else np.zeros(0, np.int32)

    def state(self) -> State:
        """The learned state. Lava hands weights out one by one: about 20 us each."""
        network, dtype = self.network, np.int32 if self.model == "fixed_pt" else np.float64

        def read(variables, dtype=dtype):
            return [self._get(variable).astype(dtype) for variable in variables]

        layers = [*network.hidden, network.readout]
        return State(
            weights=read(dense.weights for dense in network.forward),
            feedback=read(dense.weights for dense in network.feedback),
            z_state=read((layer.z_state for layer in network.hidden), np.int32),
            y_residual=read(layer.y_residual for layer in layers),
            d_residual=read([network.readout.d_residual])[0],
            n_trained=int(self._get(network.readout.n_trained)[0]),
        )

    def _get(self, variable) -> np.ndarray:
        return np.asarray(self._watchdog.call(self.network.source, variable.get))

    def spike_rates(self) -> list[float]:
        """Share of the steps of all windows in which a neuron of each hidden layer spiked, over all samples learned here."""
        steps = self._n_learned * self.config.schedule().window_steps
        return [float(self._get(layer.n_spikes)[0] / max(1, steps * hidden.n))
                for layer, hidden in zip(self.network.hidden, self.config.hidden)]

    @property
    def rail_touches(self) -> Touches | None:
        """Entries that an update left at a rail, per connection; None where another than our event-driven model learns."""
        if not self._counts_touches:
            return None
        return {name: int(touches[0]) for name, touches in self.network.rail_touches.items()}

    @property
    def largest(self) -> Largest:
        """The largest values seen, by layer and variable; empty in floating point and with models that are not ours."""
        if not self._watches:
            return {}
        return largest.from_kept({layer: {name: int(kept[0]) for name, kept in variables.items()}
                                 for layer, variables in self.network.largest.items()})

    def stop(self) -> None:
        self._watchdog.stop(self.network.source)
