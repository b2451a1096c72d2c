"""One sample of the twin, taken apart: the compiled loop itself, with something that looks at every step."""
import numpy as np

from lava_opzo.engines.record import Label, Record, before_the_first, last_rows
from lava_opzo.engines.samples import check_sample, shown_frames, taught, told
from lava_opzo.engines.twin.integers.loop import run
from lava_opzo.engines.twin.integers.memory import Memory, pack, unpack
from lava_opzo.engines.twin.integers.scratch import Scratch, counters, scratch
from lava_opzo.engines.twin.integers.step_loop import run_steps
from lava_opzo.engines.twin.layout import Flat, flat, parts, unpacked, unpacked_residuals
from lava_opzo.engines.twin.running import left, started
from lava_opzo.engines.twin.step_watch import StepWatch, step_watch_of
from lava_opzo.engines.twin.watch import Watch, watch_of
from lava_opzo.engines.unfold import Quantities, Said, Taught, place
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
        shown, labels = check_sample(network, frames, label)
        checked = shown_frames(network, shown)
        memory, work, seen = pack(network, self._state), scratch(net, checked.shape[1]), counters(network, 1)
        arguments, carried = (net, memory, checked, taught(network, labels), True, before, work), {}
        if network.learning.by_step:
            watch = step_watch_of(net, memory.weights, memory.residual, memory.feedback)
            now = started(network, net, self._state, work)
            after, carried = run_steps(*arguments, now, seen, watch), left(network, net, now, work)
            forward, answers = watch.forward, _answers(net, watch)
        else:
            forward = watch_of(net, memory.weights, memory.residual, memory.feedback, memory.auxiliary)
            after = run(*arguments, seen, forward)
            answers = [_answer(net, seen.predictions[0], memory, work, forward)]
        self._state = State(unpack(network, net, memory) | carried, after)
        quantities = _quantities(network, net, checked[0], before, answers, memory, work, forward)
        record = place(network, quantities, self._before)
        self._before = last_rows(record)
        return record

    def stop(self) -> None:
        """Nothing to end."""


def _quantities(network: Network, net: Flat, frames: np.ndarray, n_trained: int, taught: list[Taught], memory: Memory,
                work: Scratch, watch: Watch) -> Quantities:
    def over_steps(values: np.ndarray) -> list[np.ndarray]:
        return [part.T for part in parts(values.T, net.neuron)]

    learning = network.learning
    steps = np.arange(learning.windows * learning.steps) % learning.steps
    kept_m, kept_a = memory.feedback, memory.auxiliary
    forward = [unpacked(network, net, weights, kept_m, kept_a, np.int64) for weights in watch.weights]
    feedback = [unpacked(network, net, memory.weights, feedback, kept_a, np.int64) for feedback in watch.feedback]
    return Quantities(
        n_trained=n_trained, payload=frames[steps % len(frames)].astype(np.int64), spikes=over_steps(watch.spikes),
        v=over_steps(watch.v), psi=over_steps(watch.psi), count=over_steps(watch.count), o_plus=watch.o[0, :, 0],
        o_minus=watch.o[0, :, 1], z_state=_layers(net, memory.z_state), taught=taught, d_hat=work.dhat[0],
        d_residual=memory.d_residual[0].astype(np.int64),
        baseline=memory.baseline.astype(np.int64) if memory.baseline.size else None,
        weights=[[arrays[connection.weights] for connection in network.forward] for arrays in forward],
        residuals=[unpacked_residuals(network, net, kept, np.int64) for kept in watch.residual],
        feedback=[[arrays[connection.weights] for connection in network.feedback] for arrays in feedback],
        auxiliary=[_said(network, net, r, memory, work, watch) for r in range(1, len(network.readouts))])


def _said(network: Network, net: Flat, r: int, memory: Memory, work: Scratch, watch: Watch) -> Said:
    """What readout r, an auxiliary one, said."""
    first, n_out = int(net.neuron[-2]) + r * int(net.n[-1]), int(net.n[-1])
    own, shape = slice(first, first + n_out), network.into_auxiliary[r - 1].topology.weight_shape
    return Said(o_plus=watch.o[r, :, 0], o_minus=watch.o[r, :, 1], prediction=told(network, watch.prediction[r:r + 1], False)[0],
                error=work.error[r], y=-work.steps[own].astype(np.int64) // 2, y_residual=memory.y_residual[own].astype(np.int64),
                d_hat=work.dhat[r], d_residual=memory.d_residual[r].astype(np.int64),
                weights=[row[net.auxiliary[r - 1]:net.auxiliary[r]].reshape(shape).astype(np.int64) for row in watch.auxiliary])


def _answer(net: Flat, prediction: np.ndarray, memory: Memory, work: Scratch, watch: Watch) -> Taught:
    """The only answer of a sample after whose windows weights learn."""
    return Taught(prediction=prediction, error=work.error[0], g_positive=_layers(net, watch.g_positive), g=_layers(net, watch.g),
                  y=_layers(net, -work.steps // 2), y_residual=_layers(net, memory.y_residual), x=parts(watch.x, net.source))


def _answers(net: Flat, watch: StepWatch) -> list[Taught]:
    """The answers of a sample in which weights learn in every step."""
    return [Taught(prediction=int(watch.prediction[n]), error=watch.error[n], g_positive=_layers(net, watch.g_positive[n]),
                   g=_layers(net, watch.g[n]), y=_layers(net, -watch.steps[n] // 2), y_residual=_layers(net, watch.residual[n]),
                   x=parts(watch.x[n], net.source)) for n in range(len(watch.prediction))]


def _layers(net: Flat, values: np.ndarray) -> list[np.ndarray]:
    """One array a layer; what auxiliary readouts have is left out."""
    return [part.astype(np.int64) for part in parts(values[:net.neuron[-1]], net.neuron)]
