"""The twin: the whole network in one compiled loop over samples, bit for bit docs/arithmetic.md, without Lava."""
from collections.abc import Callable

import numpy as np

from lava_opzo.engines.largest import Largest, from_kept, kept
from lava_opzo.engines.samples import check_labels, shown_frames, taught, told
from lava_opzo.engines.twin.base import Result
from lava_opzo.engines.twin.cache import compiled_loop, fingerprint
from lava_opzo.engines.twin.counts import count_input, summed
from lava_opzo.engines.twin.integers.credit import answer, credits, differences, note_auxiliary
from lava_opzo.engines.twin.integers.forward import infer
from lava_opzo.engines.twin.integers.learning import update_auxiliary, update_feedback, update_weights
from lava_opzo.engines.twin.integers.memory import Memory, pack, unpack
from lava_opzo.engines.twin.integers.scratch import Counters, Scratch, counters, scratch
from lava_opzo.engines.twin.integers.step_loop import run_steps
from lava_opzo.engines.twin.layout import OF_CLASSES, Flat, flat
from lava_opzo.engines.twin.noise import draw_noise
from lava_opzo.engines.twin.running import left, started
from lava_opzo.engines.twin.watch import Watch
from lava_opzo.network.network import Network
from lava_opzo.network.state import State


def _compiled(sources: int) -> Callable[..., int]:
    """The compiled loop; `sources` is a part of its key in numba's cache on disk."""

    @compiled_loop(sources)
    def run(net: Flat, memory: Memory, frames: np.ndarray, labels: np.ndarray, learn: bool, n_trained: int, work: Scratch,
            seen: Counters, watch: Watch | None) -> int:
        """All samples in order; returns the samples learned in all. watch: of the only sample, None where nobody looks."""
        _ = sources
        for s in range(frames.shape[0]):
            if learn:
                draw_noise(memory, work)
            windows = net.windows if learn else 1
            seen.predictions[s, 0] = infer(net, memory, frames[s], windows, learn, work, seen.largest, watch)
            if net.outputs != OF_CLASSES:
                answer(net, 0, work.error[0], windows, seen.predictions[s])
            for l in range(net.n.size - 2):
                seen.spikes[s, l] = summed(work.count[net.neuron[l]:net.neuron[l + 1]])
            if learn:
                count_input(net, frames[s], work)
                note_auxiliary(net, work, watch)
                differences(net, memory, labels[s], work, seen.largest)
                credits(net, memory, labels[s], n_trained, work, seen.largest, watch)
                update_weights(net, memory, work, seen.weight_touches, watch)
                update_auxiliary(net, memory, work, seen.auxiliary_touches, watch)
                update_feedback(net, memory, n_trained, work, seen.feedback_touches, watch)
                n_trained += 1
        return n_trained

    return run


run = _compiled(fingerprint())


def _execute(network: Network, state: State, frames: np.ndarray, labels: np.ndarray, learn: bool, every_step: bool) -> Result:
    net, memory, seen = flat(network), pack(network, state), counters(network, len(frames))
    work = scratch(net, frames.shape[1])
    arguments, carried = (net, memory, frames, labels, learn, state.n_trained, work), {}
    if network.learning.by_step:
        now = started(network, net, state, work)
        n_trained, carried = run_steps(*arguments, now, seen, None), left(network, net, now, work)
    else:
        n_trained = run(*arguments, seen, None)
    if learn:
        state.arrays, state.n_trained = unpack(network, net, memory), n_trained
    state.arrays |= carried
    touches = [*seen.weight_touches.tolist(), *seen.feedback_touches.tolist(), *seen.auxiliary_touches.tolist()]
    names = [connection.name for connection in network.connections]
    answers = told(network, seen.predictions, every_step)
    return Result(answers, seen.spikes, dict(zip(names, touches)), _largest(network, seen.largest))


def _largest(network: Network, sizes: np.ndarray) -> Largest:
    return from_kept({layer: dict(zip(names, map(int, row))) for (layer, names), row in zip(kept(network).items(), sizes)})


def train(network: Network, state: State, frames: np.ndarray, labels: np.ndarray) -> Result:
    """Learn the samples in their order; `state` gets new arrays.

    Raises UserError when an array does not fit the network; `state` is then as it was.

    Shapes:
        frames: (n_samples, F, n_in) payloads 0..15, F = 1 (the same payload in every step) or K, bias input included.
        labels: (n_samples,) class numbers, (n_samples, K) of steps, or (n_samples, n_out) labels or values.
    """
    frames = shown_frames(network, frames)
    checked = check_labels(network, labels, len(frames))
    return _execute(network, state, frames, taught(network, checked), True, checked.ndim == 2)


def evaluate(network: Network, state: State, frames: np.ndarray, every_step: bool = False) -> Result:
    """Predict the samples, one window each, without noise; of `state` only what neurons carry changes. frames as in `train`."""
    frames = shown_frames(network, frames)
    return _execute(network, state, frames, np.zeros((len(frames), 1), np.int32), False, every_step)
