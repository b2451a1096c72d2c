"""What the compiled engines share: one network behind the calls of `lava_opzo.engines.lava.engine.LavaEngine`, so that every job runs on any."""
import numpy as np

from lava_opzo.engines.largest import Largest
from lava_opzo.engines.touches import Touches
from lava_opzo.network.network import Config
from lava_opzo.network.state import State


class CompiledEngine:
    """A subclass gives train and evaluate. Nothing runs between calls, so there is nothing to stop.

    config, state: what to run and where to start; `state` stays as it is.
    """

    chunk = 2048
    """Samples of one call: a fraction of a second."""

    def __init__(self, config: Config, state: State):
        self.config, self._state = config, state.copy()
        self._spikes, self._samples = np.zeros(config.depth, np.int64), 0
        self.rail_touches: Touches | None = None
        """Entries that an update left at a rail, per connection; None where there are no rails."""
        self.largest: Largest = {}
        """The largest values seen, by layer and variable (`lava_opzo.engines.largest`); empty where there are no limits."""

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop()

    def state(self) -> State:
        return self._state.copy()

    def spike_rates(self) -> list[float]:
        """Share of the steps of all windows in which a neuron of each hidden layer spiked, over all samples learned here."""
        steps = max(1, self._samples * self.config.schedule().window_steps)
        return [float(spikes / (steps * layer.n)) for spikes, layer in zip(self._spikes, self.config.hidden)]

    def stop(self) -> None:
        """Nothing to end."""
