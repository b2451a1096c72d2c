"""The compiled loop over samples in real numbers; without noise or learning where a sample is only evaluated."""
import numpy as np
from numba import njit

from lava_opzo.engines.samples import check_frames, check_labels
from lava_opzo.engines.twin.cache import fingerprint
from lava_opzo.engines.twin.counts import count_input, predict
from lava_opzo.engines.twin.layout import network
from lava_opzo.engines.twin.noise import draw_noise
from lava_opzo.engines.twin.reals.credit import KINDS, credits
from lava_opzo.engines.twin.reals.forward import infer
from lava_opzo.engines.twin.reals.learning import update_feedback, update_weights
from lava_opzo.engines.twin.reals.memory import pack, scratch, unpack
from lava_opzo.network.network import Config
from lava_opzo.network.state import State

PACKAGES = ("twin", "floating_twin", "fixed", "floating")
"""What the compiled loop is made of: packages of lava_opzo with its functions and their constants."""


def _compiled(sources: int):
    """The compiled loop; `sources` is a part of its key in numba's cache on disk."""

    @njit(cache=True, nogil=True)
    def run(net, memory, kind, frames, labels, learn, n_trained, work, predictions, spikes):
        _ = sources
        for s in range(frames.shape[0]):
            if learn:
                draw_noise(net, memory, work)
            infer(net, memory, frames[s], net.windows if learn else 1, learn, work)
            predictions[s] = predict(work.error)
            for l in range(spikes.size):
                spikes[l] += work.count[net.neuron[l]:net.neuron[l + 1]].sum()
            if learn:
                count_input(net, frames[s], work)
                credits(net, memory, kind, labels[s], n_trained, work)
                update_weights(net, memory, work)
                update_feedback(net, memory, n_trained, work)
                n_trained += 1
        return n_trained

    return run


_run = _compiled(fingerprint(*PACKAGES))


def _execute(config: Config, state: State, frames, labels, learn: bool) -> tuple[np.ndarray, np.ndarray]:
    net, memory = network(config), pack(config, state)
    predictions, spikes = np.zeros(len(frames), np.int32), np.zeros(config.depth, np.int64)
    n_trained = _run(net, memory, KINDS[config.credit], frames, labels, learn, state.n_trained,
                     scratch(net, frames.shape[1]), predictions, spikes)
    if learn:
        unpack(config, memory, net, state)
        state.n_trained = n_trained
    return predictions, spikes


def train(config: Config, state: State, frames: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Learn the samples in their order; the arrays of `state` become float64. Returns (predictions (n,), spikes of each hidden layer).

    frames: (n, F, n_in) payloads 0..15, F = 1 or K. labels: (n,). Raises UserError when an array does not fit the configuration.
    """
    frames = check_frames(config, frames)
    return _execute(config, state, frames, check_labels(config, labels, len(frames)), True)


def evaluate(config: Config, state: State, frames: np.ndarray) -> np.ndarray:
    """Predictions (n,), one window each, without noise; `state` stays as it is. frames as in `train`."""
    frames = check_frames(config, frames)
    return _execute(config, state, frames, np.zeros(len(frames), np.int32), False)[0]
