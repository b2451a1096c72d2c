"""The twin where weights learn in every step (docs/arithmetic.md section 11): one compiled loop over samples."""
from collections.abc import Callable

import numpy as np

from lava_opzo.engines.twin.cache import compiled_loop, fingerprint
from lava_opzo.engines.twin.counts import predict, summed
from lava_opzo.engines.twin.integers.credit import differences
from lava_opzo.engines.twin.integers.learning import update_feedback
from lava_opzo.engines.twin.integers.memory import Memory
from lava_opzo.engines.twin.integers.scratch import Counters, Scratch
from lava_opzo.engines.twin.integers.stepping import advance, begin, teach
from lava_opzo.engines.twin.layout import Flat
from lava_opzo.engines.twin.running import Running
from lava_opzo.engines.twin.step_watch import StepWatch, forward_of
from lava_opzo.engines.twin.steps import answered
from lava_opzo.silicon.readouts import NO_LABEL


def _compiled(sources: int) -> Callable[..., int]:
    """The compiled loop; `sources` is a part of its key in numba's cache on disk."""

    @compiled_loop(sources)
    def run_steps(net: Flat, memory: Memory, frames: np.ndarray, labels: np.ndarray, learn: bool, n_trained: int, work: Scratch,
                  now: Running, seen: Counters, watch: StepWatch | None) -> int:
        """All samples in order; returns the samples learned in all. watch: of the only sample, None where nobody looks."""
        _ = sources
        for s in range(frames.shape[0]):
            begin(net, memory, learn, work, now)
            for k in range(net.steps):
                sign = 1 - 2 * (k & 1) if learn else 0
                advance(net, memory, frames[s, k % frames.shape[1]], k, sign, work, now, seen.largest, watch)
                seen.predictions[s, k] = NO_LABEL
                if k >= net.label_from or not learn:
                    answered(work, seen.largest)
                    prediction = predict(work.error[0])
                    seen.predictions[s, k] = prediction
                    if learn:
                        teach(net, memory, labels[s, k:k + 1], n_trained, k - net.label_from, prediction, work, now, seen, watch)
            for l in range(net.n.size - 2):
                seen.spikes[s, l] = summed(work.count[net.neuron[l]:net.neuron[l + 1]])
            if learn:
                differences(net, memory, labels[s], work, seen.largest)
                update_feedback(net, memory, n_trained, work, seen.feedback_touches, forward_of(watch))
                n_trained += 1
        return n_trained

    return run_steps


run_steps = _compiled(fingerprint())
