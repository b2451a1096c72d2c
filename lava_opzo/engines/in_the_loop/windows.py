"""What the host and the simulator's HostExchange share during a sample: memory that both see, made before the fork."""
import numpy as np

from lava_opzo.engines.in_the_loop.schedule import ForwardSchedule
from lava_opzo.engines.lava.fixed import arrays
from lava_opzo.engines.lava.shared import shared_array
from lava_opzo.errors import UserError
from lava_opzo.network.network import Network
from lava_opzo.network.state import State


def held(network: Network, state: State) -> list[np.ndarray]:
    """The forward weights as the stock Processes of all connections hold them, from the input up."""
    return [array for connection in network.forward for array in arrays(connection.topology, state[connection.weights])]


class SharedWindows:
    """Payloads, biases and weights for the graph; spikes, currents and readout from it; and when they are exchanged.

    Lists run over the hidden populations, `weights` over the stock Processes of the forward connections, from the input up.

    Shapes:
        spikes, u: (windows*K, n) each, in the steps of the population's windows.
        bias: (n,) each, as mantissas, under the sign +. signs: (windows*K, 1), +1 or -1, of the noise in each step.
        readout: (stretches, n_out) membranes, with their steps as `schedule` has them.
        weights: as `lava_opzo.engines.lava.fixed.arrays`.
    """

    def __init__(self, network: Network, n_frames: int) -> None:
        self.schedule = ForwardSchedule.of(network)
        windows = network.learning.windows
        rows = windows * self.schedule.steps
        self.signs = np.array([[1 - self.schedule.stretch(row) % 2 * 2] for row in range(rows)], np.int32)
        self._frames = shared_array((n_frames, network.input.n), np.uint8)
        self._control = shared_array((3,), np.int32)
        self.weights = [shared_array(array.shape, np.int32) for array in held(network, State(
            {connection.weights: np.zeros(connection.topology.weight_shape, np.int32) for connection in network.forward}))]
        self.bias = [shared_array((layer.n,), np.int32) for layer in network.hidden]
        self.spikes = [shared_array((rows, layer.n), np.int8) for layer in network.hidden]
        self.u = [shared_array((rows, layer.n), np.int32) for layer in network.hidden]
        self.readout = shared_array((self.schedule.stretches(windows), network.readout.n), np.int32)

    def post(self, frames: np.ndarray, windows: int, reads_currents: bool, weights_changed: bool) -> None:
        """The next sample and what to do in it; called while the graph waits.

        Raises UserError for more rows than there is room for.

        Shapes:
            frames: uint8 (n_frames, n_in).
        """
        if len(frames) > len(self._frames):
            raise UserError(f"frames: {len(frames)} rows a sample do not fit an engine for {len(self._frames)}; "
                            f"make it with n_frames = {len(frames)}")
        self._frames[:] = frames
        self._control[:] = windows, reads_currents, weights_changed

    @property
    def n_in(self) -> int:
        """Input lines."""
        return self._frames.shape[1]

    @property
    def windows(self) -> int:
        """Windows of the posted sample."""
        return int(self._control[0])

    @property
    def reads_currents(self) -> bool:
        """Whether the currents of the hidden populations are kept in every step."""
        return bool(self._control[1])

    @property
    def weights_changed(self) -> bool:
        """Whether the graph has to take over the weights."""
        return bool(self._control[2])

    def payload(self, row: int) -> np.ndarray:
        """Payloads of a window step."""
        frame = row % self.schedule.steps if len(self._frames) > 1 else 0
        return self._frames[frame].astype(np.int32)
