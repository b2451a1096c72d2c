"""One sample of the twin, taken apart: the compiled loop itself, with something that looks at every step."""
import numpy as np

from lava_opzo.engines.record import Label, Record, before_the_first, last_rows
from lava_opzo.engines.samples import check_sample, shown_frames
from lava_opzo.engines.twin.base import rows_of
from lava_opzo.engines.twin.integers.loop import run
from lava_opzo.engines.twin.integers.memory import Memory, pack, unpack
from lava_opzo.engines.twin.integers.scratch import Scratch, counters, scratch
from lava_opzo.engines.twin.layout import Flat, flat, parts, unpacked
from lava_opzo.engines.twin.watch import Watch, watch_of
from lava_opzo.engines.unfold import Quantities, place
from lava_opzo.network.network import Network
from lava_opzo.network.state import State


class TwinRecorder:
    """Runs the twin sample by sample; network, state: what to run and where to start. rows: payload rows of a sample."""

    def __init__(self, network: Network, state: State, rows: int) -> None:
        self._network, self._state, self._before = network, state.copy(), before_the_first(network, state)
        self._net = flat(network)

    def sample(self, frames: np.ndarray, label: Label) -> Record:
        """Learn one sample. Returns its record.

        Shapes:
            frames: (rows, n_in).
        """
        network, net, before = self._network, self._net, self._state.n_trained
        given, labels = check_sample(network, frames, label)
        checked = shown_frames(network, given)
        memory, work, seen = pack(network, self._state), scratch(net, checked.shape[1]), counters(network, 1)
        watch = watch_of(net, memory.weights, memory.feedback)
        after = run(net, memory, checked, rows_of(labels), True, before, work, seen, watch)
        self._state = State(unpack(network, net, memory), after)
        quantities = _quantities(network, net, checked[0], before, seen.predictions[0], memory, work, watch)
        record = place(network, quantities, self._before)
        self._before = last_rows(record)
        return record

    def stop(self) -> None:
        """Nothing to end."""


def _quantities(network: Network, net: Flat, frames: np.ndarray, n_trained: int, prediction: np.ndarray, memory: Memory,
                work: Scratch, watch: Watch) -> Quantities:
    def layers(values: np.ndarray) -> list[np.ndarray]:
        return [part.astype(np.int64) for part in parts(values, net.neuron)]

    def over_steps(values: np.ndarray) -> list[np.ndarray]:
        return [part.T for part in parts(values.T, net.neuron)]

    learning = network.learning
    steps = np.arange(learning.windows * learning.steps) % learning.steps
    forward = [unpacked(network, net, weights, memory.feedback, np.int64) for weights in watch.weights]
    feedback = [unpacked(network, net, memory.weights, feedback, np.int64) for feedback in watch.feedback]
    return Quantities(
        n_trained=n_trained, payload=frames[steps % len(frames)].astype(np.int64), spikes=over_steps(watch.spikes),
        v=over_steps(watch.v), psi=over_steps(watch.psi), count=over_steps(watch.count), o_plus=watch.o[:, 0],
        o_minus=watch.o[:, 1], prediction=prediction, z_state=layers(memory.z_state), error=work.error,
        g_positive=layers(watch.g_positive), g=layers(watch.g),
        y=layers(-work.steps // 2), y_residual=layers(memory.y_residual), d_hat=work.dhat,
        d_residual=memory.d_residual.astype(np.int64), x=parts(watch.x, net.source),
        weights=[[arrays[connection.weights] for connection in network.forward] for arrays in forward],
        feedback=[[arrays[connection.weights] for connection in network.feedback] for arrays in feedback])
