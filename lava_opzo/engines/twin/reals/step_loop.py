"""The twin in real numbers where weights learn in every step (docs/arithmetic.md section 11): one compiled loop over samples."""
from collections.abc import Callable

import numpy as np

from lava_opzo.engines.twin.cache import compiled_loop, fingerprint
from lava_opzo.engines.twin.counts import predict, summed
from lava_opzo.engines.twin.layout import Flat
from lava_opzo.engines.twin.reals.credit import differences
from lava_opzo.engines.twin.reals.learning import update_feedback
from lava_opzo.engines.twin.reals.memory import Memory, Scratch
from lava_opzo.engines.twin.reals.stepping import advance, begin, teach
from lava_opzo.engines.twin.running import Running
from lava_opzo.engines.twin.steps import answered
from lava_opzo.silicon.readouts import NO_LABEL


def _compiled(sources: int) -> Callable[..., int]:
    """The compiled loop; `sources` is a part of its key in numba's cache on disk."""

    @compiled_loop(sources)
    def run_steps(net: Flat, memory: Memory, kind: int, frames: np.ndarray, labels: np.ndarray, learn: bool, n_trained: int,
                  work: Scratch, now: Running, predictions: np.ndarray, spikes: np.ndarray) -> int:
        """All samples in order; returns the samples learned in all. kind: of credit."""
        _ = sources
        for s in range(frames.shape[0]):
            begin(net, memory, learn, work, now)
            for k in range(net.steps):
                sign = 1 - 2 * (k & 1) if learn else 0
                advance(net, memory, frames[s, k % frames.shape[1]], k, sign, work, now, None, None)
                predictions[s, k] = NO_LABEL
                if k >= net.label_from or not learn:
                    answered(work, None)
                    predictions[s, k] = predict(work.error[0])
                    if learn:
                        teach(net, memory, kind, labels[s, k:k + 1], n_trained, work, now)
            for l in range(net.n.size - 2):
                spikes[s, l] = summed(work.count[net.neuron[l]:net.neuron[l + 1]])
            if learn:
                differences(net, memory, labels[s], work)
                update_feedback(net, memory, n_trained, work)
                n_trained += 1
        return n_trained

    return run_steps


run_steps = _compiled(fingerprint())
