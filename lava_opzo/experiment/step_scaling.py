"""Scales for a network whose weights learn in every step: fits to what learned best on `order` and `motion` (docs/results.md).

Membranes, traces and the sums of the readout forget within few steps, so that what a neuron answers, what it remembers and what
is predicted are about the recent past. The first half of a sample has no label: what it holds cannot be told from less.
"""
from math import log2, sqrt

import numpy as np

from lava_opzo.errors import UserError
from lava_opzo.experiment import scaling
from lava_opzo.learning.credit import Opzo
from lava_opzo.learning.learning import Counts, Learning
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Readout
from lava_opzo.network.widths import LARGEST_SHIFT
from lava_opzo.silicon.profile import LOIHI_254, STATE_SHIFT

STEPS, EPOCHS, HALVINGS, HIDDEN = 16, 6, 3, "100"
MOVED, MOST = 48_000, 60
"""Samples learned in all, and epochs at most, where images move: from few recordings that makes many."""

LEAK, READOUT_LEAK = 1024, 512
"""Of membranes and traces, and of the readout: a quarter and an eighth in a step."""

X_MAX, FRESH = 3, 1
"""Ranks, and the bits of the eligibility of a single fresh event: x = 2 for it, 3 where several came together."""

SIGMA, READOUT_SIGMA = 12.0, 6.0
THRESHOLD, NOISE, PSI = 3.5, 0.3, 0.7
"""The threshold over the spread of a membrane at the start; noise and gate as shares of the threshold."""

Y_SHIFT, READOUT_Y_SHIFT, ERROR_SHIFT, D_SHIFT = 15, 11, 5, 11


def epochs_of(n_samples: int, moved: bool) -> int:
    """How often so many samples are learned; moved: whether they are images that move meanwhile (`Training.jitter`)."""
    return max(EPOCHS, min(MOST, MOVED // n_samples)) if moved else EPOCHS


def step_network(frames: np.ndarray, n_classes: int, hidden: int, seed: int = 1, epochs: int = EPOCHS, heard: int = 0) -> Network:
    """A network with one hidden layer of that width that learns in every step, scaled to these samples, for so many epochs.

    vth = 3.5 * 2*sigma * spread / sqrt(1 - (1 - LEAK/4096)^2), with spread as in `scaling.measure`: so many times what a membrane
    strays at the start. heard: the step from which on all lines can have events, as with echoes; a label is given after it and
    never in the first half.

    Shapes:
        frames: uint8 (n, 1 or K, n_in), the bias line last.
    """
    wide = round(max(0.0, log2(hidden / 200)))
    most = Y_SHIFT + wide + HALVINGS
    if most > LARGEST_SHIFT:
        raise UserError(f"network: a layer of {hidden} neurons needs learning rates of {most} bits, above {LARGEST_SHIFT}; use a "
                        "narrower one")
    kept, spread = 1 - LEAK / 4096, scaling.measure(frames, STEPS).spread
    vth = THRESHOLD * 2 * SIGMA * spread / sqrt(1 - kept ** 2)
    layer = scaling.hidden_layer(hidden, vth, NOISE, PSI, Y_SHIFT + wide, LEAK)
    readout = Readout(n_classes, ERROR_SHIFT + wide, READOUT_Y_SHIFT + wide, D_SHIFT + wide, READOUT_LEAK)
    learning = Learning(STEPS, 1, Opzo(3, 256), Counts(X_MAX, LEAK), halve_every=max(1, len(frames) * epochs // (HALVINGS + 1)),
                        max_halvings=HALVINGS, updates="step", label_from=max(STEPS // 2, heard + 1))
    spike = STATE_SHIFT - FRESH
    return Network.chain(frames.shape[2], [layer], readout, (SIGMA, READOUT_SIGMA), (round(log2(_busy(frames))) + spike, spike),
                         learning, LOIHI_254, seed)


def _busy(frames: np.ndarray) -> float:
    """The payload that 95 % of the events have at most; the bias line has none."""
    events = frames[:, :, :-1]
    events = events[events > 0]
    return float(np.percentile(events, 95)) if events.size else 1.0
