"""Samples as spike trains, for graphs of one's own that are fed by Lava's RingBuffer instead of a SampleSource."""
import numpy as np

from lava_opzo.arithmetic.fixed.quantiser import round_count
from lava_opzo.errors import UserError
from lava_opzo.learning.phases import Advance, Ranks, Window
from lava_opzo.learning.schedule import Schedule
from lava_opzo.silicon.profile import PAYLOAD_MAX


def spike_train(schedule: Schedule, frames: np.ndarray, labels: np.ndarray, x_shift: int,
                n_out: int) -> tuple[np.ndarray, np.ndarray]:
    """What the input sends in every step of some samples, one after the other: (payloads and eligibility spikes, labels).

    Payloads lie in the windows, eligibility spikes in the steps in which the weights learn, and the label, a one-hot vector, in
    the step of the answer; an evaluated sample has payloads alone. Give the first to `RingBuffer(data=...)` in front of the first
    layer's s_in, the second to one in front of the readout's label_in.

    schedule: `Learning.schedule(depth)`. x_shift: bits that the payload sums lose. n_out: classes. Raises UserError for samples
    that do not fit, and for a schedule that learns in every step.

    Shapes:
        frames: (n, 1 or K, n_in). labels: (n,). Returns int32 (n_in, n*T) and int32 (n_out, n*T), T = schedule.length.
    """
    if schedule.start(Advance) < schedule.length:
        raise UserError("frames: updates 'step' have eligibility that is no count of payloads; feed such a network by a "
                        "SampleSource")
    n, rows, n_in = frames.shape
    steps = max(phase.steps for phase in schedule.phases if isinstance(phase, Window))
    if rows not in (1, steps) or frames.min(initial=0) < 0 or frames.max(initial=0) > PAYLOAD_MAX:
        raise UserError(f"frames: shape {frames.shape} with values up to {frames.max(initial=0)} is not (n, 1 or {steps}, n_in) "
                        f"with payloads 0..{PAYLOAD_MAX}; encode the samples for this schedule")
    if labels.shape != (n,) or labels.min(initial=0) < 0 or labels.max(initial=0) >= n_out:
        raise UserError(f"labels: shape {labels.shape}, values up to {labels.max(initial=0)}; give each of the {n} samples "
                        f"a class 0..{n_out - 1}")
    x_max = max((phase.x_max for phase in schedule.phases if isinstance(phase, Ranks)), default=0)
    sent, shown = np.zeros((n, schedule.length, n_in), np.int32), np.zeros((n, schedule.length, n_out), np.int32)
    for tau, step in enumerate(schedule.programs[0]):
        if step.frame >= 0:
            sent[:, tau] = frames[:, step.frame if rows > 1 else 0]
        if step.rank:
            sent[:, tau] = round_count(sent[:, :schedule.window_steps].sum(axis=1), x_shift, x_max) >= step.rank
        if step.label:
            shown[np.arange(n), tau, labels] = 1
    return sent.reshape(-1, n_in).T.copy(), shown.reshape(-1, n_out).T.copy()
