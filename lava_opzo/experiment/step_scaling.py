"""Scales for a network whose weights learn in every step: fits to what learned best on `order` and `motion` (docs/results.md).

Membranes, traces and the sums of the readout forget within few steps, so that what a neuron answers, what it remembers and what
is predicted are about the recent past. The first half of a sample has no label: what it holds cannot be told from less.
"""
from collections.abc import Sequence
from math import log2, sqrt

import numpy as np

from lava_opzo.errors import UserError
from lava_opzo.experiment import scaling
from lava_opzo.learning.credit import Opzo
from lava_opzo.learning.learning import Counts, Learning
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Hidden, Readout
from lava_opzo.network.widths import LARGEST_SHIFT
from lava_opzo.silicon.limits import LIMITS
from lava_opzo.silicon.profile import LOIHI_254, STATE_SHIFT

STEPS, EPOCHS, HALVINGS, HIDDEN = 16, 6, 3, "100"
LEAK, READOUT_LEAK = 1024, 512
"""Of membranes and traces, and of the readout: a quarter and an eighth in a step."""

X_MAX, FRESH = 3, 1
"""Ranks, and the bits of the eligibility of a single fresh event: x = 2 for it, 3 where several came together."""

FIRST_SIGMA, UPPER_SIGMA, READOUT_SIGMA = 12.0, 14.0, 6.0
THRESHOLD, NOISE, PSI = 3.5, 0.3, 0.7
"""The threshold over the spread of a membrane at the start; noise and gate as shares of the threshold."""

RATE = 0.1
"""The share of the neurons below that spike in a step."""

Y_SHIFT, READOUT_Y_SHIFT, ERROR_SHIFT, D_SHIFT = 15, 11, 5, 11


def step_network(frames: np.ndarray, n_classes: int, hidden: Sequence[int], seed: int = 1) -> Network:
    """A network with these hidden widths that learns in every step, scaled to these samples, for EPOCHS of them.

    vth = 3.5 * 2*sigma * spread / sqrt(1 - (1 - LEAK/4096)^2): spread as in `scaling.measure`, above layer 1 the root of the
    spikes that come in a step.

    Shapes:
        frames: uint8 (n, 1 or K, n_in), the bias line last.
    """
    wide = round(max(0.0, log2(max(hidden) / 200)))
    most = Y_SHIFT + wide + HALVINGS
    if most > LARGEST_SHIFT:
        raise UserError(f"network: layers of {max(hidden)} neurons need learning rates of {most} bits, above {LARGEST_SHIFT}; "
                        "use narrower layers")
    layers = [_hidden(hidden[0], FIRST_SIGMA * scaling.measure(frames, STEPS).spread, wide)]
    layers += [_hidden(n, UPPER_SIGMA * sqrt(RATE * below), wide) for below, n in zip(hidden, hidden[1:], strict=False)]
    spike = STATE_SHIFT - FRESH
    learning = Learning(STEPS, 1, Opzo(3, 256), Counts(X_MAX, LEAK), halve_every=max(1, len(frames) * EPOCHS // (HALVINGS + 1)),
                        max_halvings=HALVINGS, updates="step", label_from=STEPS // 2)
    readout = Readout(n_classes, ERROR_SHIFT + wide, READOUT_Y_SHIFT + wide, D_SHIFT + wide, READOUT_LEAK)
    return Network.chain(frames.shape[2], layers, readout,
                         (FIRST_SIGMA, *[UPPER_SIGMA] * (len(hidden) - 1), READOUT_SIGMA),
                         (round(log2(_busy(frames))) + spike, *[spike] * len(hidden)), learning, LOIHI_254, seed)


def _busy(frames: np.ndarray) -> float:
    """The payload that 95 % of the events have at most; the bias line has none."""
    events = frames[:, :, :-1]
    events = events[events > 0]
    return float(np.percentile(events, 95)) if events.size else 1.0


def _hidden(n: int, spread: float, wide: int) -> Hidden:
    """spread: of the input of one step at the start, in steps of two units."""
    kept = 1 - LEAK / 4096
    vth = max(1, min(LIMITS.vth_mantissa.number, round(THRESHOLD * 2 * spread / sqrt(1 - kept ** 2))))
    mantissa, exponent = scaling.noise(vth, NOISE)
    return Hidden(n, vth, mantissa, exponent, max(1, round(PSI * vth)), Y_SHIFT + wide, LEAK,
                  min(scaling.V_FLOOR, LIMITS.vth_mantissa.number // vth))
