"""What the host and the simulator's HostExchange share during a sample: memory that both see, made before the fork."""

import numpy as np

from lava_opzo.engines.lava.shared import shared_array
from lava_opzo.network.network import Config


class SharedWindows:
    """Payloads, biases and weights for the network; spikes, currents and readout from it.

    spikes, u: one array (windows*K, n) per hidden layer, in the steps of its windows. bias: one array (windows, n) per hidden
    layer. readout: (windows, n_out) membranes. weights: one array (n_post, n_pre) per connection.
    """

    def __init__(self, config: Config, n_frames: int):
        rows = config.windows * config.steps
        self._frames = shared_array((n_frames, config.n_in), np.uint8)
        self._control = shared_array((3,), np.int32)
        self.weights = [shared_array(shape, np.int32) for shape in zip(config.widths[1:], config.widths)]
        self.bias = [shared_array((config.windows, layer.n), np.int32) for layer in config.hidden]
        self.spikes = [shared_array((rows, layer.n), np.int8) for layer in config.hidden]
        self.u = [shared_array((rows, layer.n), np.int32) for layer in config.hidden]
        self.readout = shared_array((config.windows, config.readout.n), np.int32)
        self._steps = config.steps

    def post(self, frames: np.ndarray, windows: int, reads_currents: bool, weights_changed: bool) -> None:
        """The next sample, frames uint8 (n_frames, n_in), and what to do in it; called while the network waits."""
        self._frames[:] = frames
        self._control[:] = windows, reads_currents, weights_changed

    @property
    def windows(self) -> int:
        return int(self._control[0])

    @property
    def reads_currents(self) -> bool:
        return bool(self._control[1])

    @property
    def weights_changed(self) -> bool:
        return bool(self._control[2])

    def payload(self, row: int) -> np.ndarray:
        """Payloads of a window step."""
        frame = row % self._steps if len(self._frames) > 1 else 0
        return self._frames[frame].astype(np.int32)
