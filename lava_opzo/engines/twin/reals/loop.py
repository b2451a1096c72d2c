"""The compiled loop over samples in real numbers; without noise or learning where a sample is only evaluated."""
from collections.abc import Callable

import numpy as np

from lava_opzo.engines.samples import answers_of, check_labels, shown_frames, taught, told
from lava_opzo.engines.twin.base import Result
from lava_opzo.engines.twin.cache import compiled_loop, fingerprint
from lava_opzo.engines.twin.counts import count_input, summed
from lava_opzo.engines.twin.layout import OF_CLASSES, Flat, flat
from lava_opzo.engines.twin.noise import draw_noise
from lava_opzo.engines.twin.reals.credit import KINDS, answer, credits, differences
from lava_opzo.engines.twin.reals.forward import infer
from lava_opzo.engines.twin.reals.learning import update_auxiliary, update_feedback, update_weights
from lava_opzo.engines.twin.reals.memory import Memory, Scratch, pack, scratch, unpack
from lava_opzo.engines.twin.reals.step_loop import run_steps
from lava_opzo.engines.twin.running import left, started
from lava_opzo.network.network import Network
from lava_opzo.network.state import State


def _compiled(sources: int) -> Callable[..., int]:
    """The compiled loop; `sources` is a part of its key in numba's cache on disk."""

    @compiled_loop(sources)
    def run(net: Flat, memory: Memory, kind: int, frames: np.ndarray, labels: np.ndarray, learn: bool, n_trained: int,
            work: Scratch, predictions: np.ndarray, spikes: np.ndarray) -> int:
        """All samples in order; returns the samples learned in all. kind: of credit."""
        _ = sources
        for s in range(frames.shape[0]):
            if learn:
                draw_noise(memory, work)
            windows = net.windows if learn else 1
            predictions[s, 0] = infer(net, memory, frames[s], windows, learn, work, None, None)
            if net.outputs != OF_CLASSES:
                answer(net, work.error[0], windows, predictions[s])
            for l in range(net.n.size - 2):
                spikes[s, l] = summed(work.count[net.neuron[l]:net.neuron[l + 1]])
            if learn:
                count_input(net, frames[s], work)
                differences(net, memory, labels[s], work)
                credits(net, memory, kind, labels[s], n_trained, work)
                update_weights(net, memory, work)
                update_auxiliary(net, memory, work)
                update_feedback(net, memory, n_trained, work)
                n_trained += 1
        return n_trained

    return run


run = _compiled(fingerprint())


def _execute(network: Network, state: State, frames: np.ndarray, labels: np.ndarray, learn: bool, every_step: bool) -> Result:
    net, memory, learning = flat(network), pack(network, state), network.learning
    answers = np.zeros((len(frames), answers_of(network)), np.int32)
    spikes, work, carried = np.zeros((len(frames), network.depth), np.int32), scratch(net, frames.shape[1]), {}
    arguments = net, memory, KINDS[learning.credit.kind], frames, labels, learn, state.n_trained, work
    if learning.by_step:
        now = started(network, net, state, work, np.float64)
        n_trained, carried = run_steps(*arguments, now, answers, spikes), left(network, net, now, work, np.float64)
    else:
        n_trained = run(*arguments, answers, spikes)
    if learn or carried:
        state.arrays, state.n_trained = unpack(network, net, memory, state), n_trained
    state.arrays |= carried
    return Result(told(network, answers, every_step), spikes, None, None)


def train(network: Network, state: State, frames: np.ndarray, labels: np.ndarray) -> Result:
    """Learn the samples in their order; `state` gets new arrays, float64.

    Raises UserError when an array does not fit the network; `state` is then as it was.

    Shapes:
        frames: (n_samples, F, n_in) payloads 0..15, F = 1 or K. labels: (n_samples,), (n_samples, K) of steps, or
        (n_samples, n_out).
    """
    frames = shown_frames(network, frames)
    checked = check_labels(network, labels, len(frames))
    return _execute(network, state, frames, taught(network, checked), True, checked.ndim == 2)


def evaluate(network: Network, state: State, frames: np.ndarray, every_step: bool = False) -> Result:
    """Predict the samples, one window each, without noise; frames as in `train`.

    Of `state` what neurons carry changes, and with it the type of all arrays to float64, as a state has one.
    """
    frames = shown_frames(network, frames)
    return _execute(network, state, frames, np.zeros((len(frames), 1), np.int32), False, every_step)
