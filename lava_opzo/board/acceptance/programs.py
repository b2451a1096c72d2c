"""The check of whole programs: a small network that a target learns must hold the bits of the oracle."""
from functools import partial

import numpy as np

from lava_opzo.board.acceptance.bench import Bench
from lava_opzo.board.acceptance.checks import Check
from lava_opzo.engines import registry
from lava_opzo.engines.record import state_after
from lava_opzo.engines.target import Target
from lava_opzo.errors import SimulationError
from lava_opzo.learning.credit import Opzo
from lava_opzo.learning.learning import Counts, Learning
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Hidden, Readout

SAMPLES = 24


def small_network() -> Network:
    """Nine lines, three hidden layers, four classes, scaled so that even a threshold or a reset that is off by one shows."""
    hidden = [Hidden(n=12, vth=799, bias_mant=50, bias_exp=7, psi_width=500, y_shift=5),
              *(Hidden(n=12, vth=vth, bias_mant=8, bias_exp=7, psi_width=10, y_shift=4) for vth in (29, 30))]
    learning = Learning(credit=Opzo(d_bits=2, decay_period=4), eligibility=Counts(2), steps=5)
    return Network.chain(9, hidden, Readout(n=4, error_shift=3, y_shift=4, d_shift=4), sigma=(40.0, 20.0, 20.0, 50.0),
                         x_shift=(7, 2, 2, 2), learning=learning)


def learned_bits(target: Target, bench: Bench) -> str:
    """Some samples learned by the target and by the oracle: the arrays of the state and the predictions that differ."""
    network = small_network()
    start, rng = initial_state(network), np.random.default_rng(1)
    frames = (rng.integers(0, 16, (SAMPLES, 1, 9)) * rng.integers(0, 2, (SAMPLES, 1, 9))).astype(np.uint8)
    labels = rng.integers(0, 4, SAMPLES).astype(np.int32)
    oracle = registry.recorder("oracle", network, start, 1)
    records = [oracle.sample(frame, int(label)) for frame, label in zip(frames, labels, strict=True)]
    expected = state_after(network, records[-1], SAMPLES)
    try:
        with target.make(network, start, 1) as engine:
            predictions, state = engine.train(frames, labels), engine.state()
    except SimulationError as error:
        return f"a program failed: {error}"
    different = [name for name in expected.arrays if not np.array_equal(state[name], expected[name])]
    answered = [int(record[network.readout.name]["prediction"][-1, 0]) for record in records]
    different += ["predictions"] * (predictions.tolist() != answered)
    return f"{', '.join(different)} differ" if different else "all arrays and predictions equal"


def program_check(target: Target) -> Check:
    """The check of whole programs on a target."""
    return Check("l", "whole programs", f"{SAMPLES} samples learned by a network 9-12-12-12-4: all arrays and predictions",
                 "all arrays and predictions equal", True,
                 "lava-opzo verify with the same options names the first wrong step, layer, variable and index",
                 partial(learned_bits, target))
