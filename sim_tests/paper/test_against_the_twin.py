"""Where the settings coincide, the paper's algorithm and the twin in reals change every weight alike with the same bits of noise.

The common case: one window of one step, update a sample, signs before the neuron, the gate a window, M with momentum 127/128 and
without 1/alpha, learned after it sent the error; counts that need no rounding, and outputs that are whole numbers.
"""
import numpy as np
import torch

from lava_opzo.arithmetic.fixed import noise
from lava_opzo.arithmetic.numbers import REAL_DECAY_TRACE
from lava_opzo.engines.twin.reals import loop
from lava_opzo.learning.credit import Opzo
from lava_opzo.learning.learning import Counts, Learning
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network as TwinNetwork
from lava_opzo.network.populations import Hidden, Readout
from lava_opzo.paper.learner import Learner
from lava_opzo.paper.network import Network
from lava_opzo.paper.setup import Feedback, Noise, Setup

VTH, ALPHA, ERROR_SHIFT, SAMPLES = 128, 0.25, 1, 40
HIDDEN_SHIFT, READOUT_SHIFT = 16, 6
MOMENTUM = 1 - 2 * REAL_DECAY_TRACE
FROM_M = 2 * 2.0 ** (ERROR_SHIFT + 4) / (1 - MOMENTUM)
"""M of the twin over M of the paper: its units of o, its step of two, and no share taken of what is added."""


def both():
    """The same network in both, with its state in the twin's units."""
    hidden = [Hidden(n=n, vth=VTH, bias_mant=int(ALPHA * VTH * 64), bias_exp=0, psi_width=VTH // 2, y_shift=HIDDEN_SHIFT)
              for n in (7, 6)]
    learning = Learning(steps=1, windows=1, credit=Opzo(d_bits=7, decay_period=1), eligibility=Counts(7))
    twin = TwinNetwork.chain(9, hidden, Readout(5, ERROR_SHIFT, READOUT_SHIFT, 0), (8.0, 30.0, 5.0), (0, 0, 0), learning)
    setup = Setup(hidden="7,6", steps=1, surrogate="window", width=0.5, noise=Noise("signs", ALPHA, "before", opposite=False),
                  feedback=Feedback(MOMENTUM, over_alpha=False, first=False), rate=1.0, inertia=0.0, precision="double")
    return twin, Learner(Network(setup, (9,), 5))


def test_weights_and_m_change_alike_sample_by_sample():
    twin, learner = both()
    state, rng = initial_state(twin), np.random.default_rng(2)
    units = {"W1": VTH, "W2": VTH, "W3": 2.0 ** (ERROR_SHIFT + 4)}
    names = {"W1": "layer1.weights", "W2": "layer2.weights", "W3": "readout.weights"}
    moved = dict.fromkeys((*units, "M1", "M2"), 0)
    for _ in range(SAMPLES):
        state["W3.weights"][:] = np.rint(state["W3.weights"])  # the twin rounds outputs down to whole units, the paper does not
        before = {name: state[f"{name}.weights"].astype(float) for name in (*units, "M1", "M2")}
        for name, unit in units.items():
            learner.parameters[names[name]].copy_(torch.from_numpy(before[name] / unit))
        for name, m in zip(("M1", "M2"), learner.matrices["top"], strict=True):
            m.copy_(torch.from_numpy(before[name] / FROM_M))
        drawn = [noise.advance(state[f"hidden{l}.z_state"]) for l in (1, 2)]
        z = [torch.from_numpy(noise.sign(one).astype(float))[None] for one in drawn]
        frame, label = rng.integers(0, 8, (1, 1, 9)), rng.integers(0, 5, 1)
        learner.learn(torch.from_numpy(frame.astype(float)), torch.from_numpy(label), lambda t, z=z: z)
        loop.train(twin, state, frame.astype(np.uint8), label)
        for name, unit in units.items():
            change = state[f"{name}.weights"] - before[name]
            factor = 254 / unit * (1 / 2**READOUT_SHIFT if name == "W3" else FROM_M / 2**HIDDEN_SHIFT)
            told = (learner.parameters[names[name]].numpy() * unit - before[name]) * factor
            np.testing.assert_allclose(told, change, rtol=1e-9, atol=1e-7)
            moved[name] += bool(np.abs(change).max() > 1e-3)
        for name, m in zip(("M1", "M2"), learner.matrices["top"], strict=True):
            np.testing.assert_allclose(m.numpy() * FROM_M, state[f"{name}.weights"], rtol=1e-9, atol=1e-9)
            moved[name] += not np.array_equal(state[f"{name}.weights"], before[name])
    assert all(count > SAMPLES // 4 for count in moved.values()), moved
