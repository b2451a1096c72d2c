"""The twin: the whole network in one compiled loop over samples, bit for bit docs/arithmetic.md, without Lava."""
from dataclasses import dataclass

import numpy as np
from numba import njit

from lava_opzo.engines import largest
from lava_opzo.engines.largest import Largest
from lava_opzo.engines.samples import check_frames, check_labels
from lava_opzo.engines.twin.cache import fingerprint
from lava_opzo.engines.twin.counts import count_input
from lava_opzo.engines.twin.integers.memory import pack, unpack
from lava_opzo.engines.twin.integers.sample import (
    credits,
    infer,
    update_all_feedback,
    update_weights,
)
from lava_opzo.engines.twin.integers.scratch import counters, scratch
from lava_opzo.engines.twin.layout import network
from lava_opzo.engines.twin.noise import draw_noise
from lava_opzo.learning.credit import require_local
from lava_opzo.network.network import Config
from lava_opzo.network.state import State

PACKAGES = ("twin", "fixed")
"""What the compiled loop is made of: packages of lava_opzo with its functions and their constants."""


@dataclass
class Result:
    """What a run saw.

    predictions: (n_samples,). spikes: (n_samples, L), spikes of each hidden layer over all windows of a sample.
    weight_touches (L+1,), feedback_touches (L,): entries of W and M at a rail right after an update of them, summed over updates.
    largest: the largest sizes seen, by layer and variable (`lava_opzo.engines.largest`). n_trained: samples learned in all.
    """

    predictions: np.ndarray
    spikes: np.ndarray
    weight_touches: np.ndarray
    feedback_touches: np.ndarray
    largest: Largest
    n_trained: int


def _compiled(sources: int):
    """The compiled loop; `sources` is a part of its key in numba's cache on disk."""

    @njit(cache=True, nogil=True)
    def run(net, memory, frames, labels, learn, n_trained, work, seen):
        """All samples in order; returns the samples learned in all."""
        _ = sources
        for s in range(frames.shape[0]):
            if learn:
                draw_noise(net, memory, work)
            windows = net.windows if learn else 1
            seen.predictions[s] = infer(net, memory, frames[s], windows, learn, work, seen.largest)
            for l in range(net.n.size - 2):
                seen.spikes[s, l] = work.count[net.neuron[l]:net.neuron[l + 1]].sum()
            if learn:
                count_input(net, frames[s], work)
                credits(net, memory, labels[s], n_trained, work, seen.largest)
                update_weights(net, memory, work, seen.weight_touches)
                update_all_feedback(net, memory, n_trained, work, seen.feedback_touches)
                n_trained += 1
        return n_trained

    return run


_run = _compiled(fingerprint(*PACKAGES))


def _execute(config: Config, state: State, frames: np.ndarray, labels: np.ndarray, learn: bool) -> Result:
    require_local(config.credit)
    net, memory = network(config), pack(config, state)
    seen = counters(config.depth, len(frames))
    n_trained = _run(net, memory, frames, labels, learn, state.n_trained, scratch(net, frames.shape[1]), seen)
    if learn:
        unpack(memory, net, state)
        state.n_trained = n_trained
    return Result(seen.predictions, seen.spikes, seen.weight_touches, seen.feedback_touches, _by_layer(config, seen.largest), n_trained)


def _by_layer(config: Config, sizes: np.ndarray) -> Largest:
    return largest.from_kept({layer: dict(zip(names, map(int, row)))
                             for (layer, names), row in zip(largest.kept(config).items(), sizes)})


def train(config: Config, state: State, frames: np.ndarray, labels: np.ndarray) -> Result:
    """Learn the samples in their order; `state` changes in place.

    frames: (n_samples, F, n_in) payloads 0..15, F = 1 (the same payload in every step) or K, bias input included.
    labels: (n_samples,) class numbers.
    Raises UserError when an array does not fit the configuration; `state` is then as it was.
    """
    frames = check_frames(config, frames)
    return _execute(config, state, frames, check_labels(config, labels, len(frames)), True)


def evaluate(config: Config, state: State, frames: np.ndarray) -> Result:
    """Predict the samples, one window each, without noise; `state` stays as it is. frames as in `train`."""
    frames = check_frames(config, frames)
    return _execute(config, state, frames, np.zeros(len(frames), np.int32), False)
