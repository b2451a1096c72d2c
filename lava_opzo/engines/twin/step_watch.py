"""What looks at a sample in which weights learn in every step: the notes of `lava_opzo.engines.twin.watch`, and those of each
answer.
"""
from typing import NamedTuple

import numpy as np

from lava_opzo.engines.twin.counts import note
from lava_opzo.engines.twin.layout import Flat
from lava_opzo.engines.twin.part import part, view
from lava_opzo.engines.twin.watch import Watch


class StepWatch(NamedTuple):
    """The quantities of one such sample, with K steps and n answers.

    forward: a `Watch` whose count is the trace, whose rows are those of K steps, and whose weights are those after each rank of
    each answer. steps: -2*y. residual: y_residual. The others as in `Watch`.

    Shapes:
        prediction: (n,). error: (n, n_out). steps, residual: (n, neurons above the input). g_positive, g: (n, hidden neurons).
        x: (n, inputs of all W).
    """

    forward: Watch
    prediction: np.ndarray
    error: np.ndarray
    steps: np.ndarray
    residual: np.ndarray
    g_positive: np.ndarray
    g: np.ndarray
    x: np.ndarray


def step_watch_of(net: Flat, weights: np.ndarray, residual: np.ndarray, feedback: np.ndarray) -> StepWatch:
    """A watch for one sample that begins with these flat weights."""
    hidden, n = int(net.neuron[-2]), net.steps - net.label_from
    none, none_x = np.zeros(0, np.int32), np.zeros(0, np.int64)
    forward = Watch(*(np.zeros((net.steps, hidden), np.int64) for _ in range(4)),
                    o=np.zeros((1, net.steps, 2, int(net.n[-1])), np.int64), g_positive=none, g=none, x=none_x,
                    weights=np.tile(weights, (n * net.x_max, 1)), residual=np.tile(residual, (n * net.x_max, 1)),
                    feedback=np.tile(feedback, (1 + 2 * net.d_bits, 1)), auxiliary=np.zeros((net.x_max, 0), weights.dtype),
                    prediction=np.zeros((1, 1), np.int32), partial=np.zeros(0, np.int16))
    above = int(net.neuron[-1])
    return StepWatch(forward, np.zeros(n, np.int64), np.zeros((n, int(net.n[-1])), np.int64), np.zeros((n, above), np.int64),
                     np.zeros((n, above), np.int64), np.zeros((n, hidden), np.int32), np.zeros((n, hidden), np.int32),
                     np.zeros((n, int(net.source[-1])), np.int64))


@view
def forward_of(watch: StepWatch | None) -> Watch | None:
    """The watch of the forward steps and of M."""
    if watch is None:
        return None
    return watch.forward


@view
def of_answer(watch: StepWatch | None, answer: int, x_max: int) -> Watch | None:
    """The watch of one answer: its third factors, its eligibility, and W from its first rank on."""
    if watch is None:
        return None
    forward = watch.forward
    return Watch(forward.spikes, forward.v, forward.psi, forward.count, forward.o, watch.g_positive[answer], watch.g[answer],
                 watch.x[answer], forward.weights[answer * x_max:], forward.residual[answer * x_max:], forward.feedback,
                 forward.auxiliary, forward.prediction, forward.partial)


@part
def note_sums(watch: StepWatch | None, k: int, o: np.ndarray) -> None:
    """Both sums of the readout after step k."""
    if watch is not None:
        for side in range(o.shape[0]):
            note(o[side], watch.forward.o[0, k, side])


@part
def note_answer(watch: StepWatch | None, answer: int, prediction: int, error: np.ndarray, steps: np.ndarray,
                residual: np.ndarray) -> None:
    """What the readout says, and the factors of all layers above the input."""
    if watch is not None:
        watch.prediction[answer] = prediction
        note(error, watch.error[answer])
        note(steps, watch.steps[answer])
        note(residual, watch.residual[answer])
