"""The networks behind sim_tests/golden; `python -m sim_tests.golden_sets` records them anew in stock Lava (into new folders)."""
from dataclasses import replace
from pathlib import Path

import numpy as np

from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.verify.golden import record
from lava_opzo.network.initial import initial_state
from sim_tests.small import random_samples, small_config

FOLDER = Path(__file__).parent / "golden"


def busy():
    """Two leaky layers from their initial weights: every phase, the updates halved on the way."""
    config = small_config(halve_every=3, max_halvings=1)
    config = replace(config, hidden=(replace(config.hidden[0], x_shift=5, dv=100), replace(config.hidden[1], dv=400)),
                     readout=replace(config.readout, x_shift=0))
    return config, initial_state(config), *random_samples(config, 6, rows=config.steps, seed=11)


def rails():
    """Half of W and M at the rails or odd, many ranks and bits: saturation, and credit that the clip of y cuts off."""
    config = small_config(x_max=3, d_bits=3)
    state, rng = initial_state(config), np.random.default_rng(12)
    for weights in (*state.weights, *state.feedback):
        at_edge = rng.random(weights.shape) < 0.5
        weights[at_edge] = rng.choice([-256, -254, 253, 254, 255], np.count_nonzero(at_edge))
    return config, state, *random_samples(config, 4, seed=12)


def silent_and_full():
    """hidden1 spikes at every step, hidden2 never, hidden3 from its own noise alone."""
    config = small_config(hidden=(10, 8, 6))
    first, second, third = config.hidden
    config = replace(config, hidden=(replace(first, vth=1, x_shift=4), replace(second, vth=131071, x_shift=0),
                                     replace(third, vth=10)))
    state = initial_state(config)
    state.weights[0][:] = 240
    frames, labels = random_samples(config, 3, seed=13)
    frames[:, :, -1] = 15
    return config, state, frames, labels


def wrap():
    """Currents beyond 24 bits of both signs, and a membrane that is clipped."""
    config = small_config(n_in=60, hidden=(6, 5))
    state = initial_state(config)
    state.weights[0][:] = np.array([254, 254, 180, -180, -256, -256])[:, None]
    frames, labels = random_samples(config, 3, rows=config.steps, seed=14)
    frames[:, ::2] = 15
    return config, state, frames, labels


def fixed_m():
    """One layer and one window; M is random, is never learned and never decays; the updates are halved twice."""
    config = small_config(hidden=(9,), windows=1, credit="dfa", d_bits=0, decay_period=0, m_sigma=8.0, halve_every=2, max_halvings=2)
    return config, initial_state(config), *random_samples(config, 6, seed=15)


SETS = {"busy": busy, "rails": rails, "silent_and_full": silent_and_full, "wrap": wrap, "fixed_m": fixed_m}

if __name__ == "__main__":
    for name, make in SETS.items():
        config, state, frames, labels = make()
        record(FOLDER / name, Experiment(Data("none"), config, Training()), state, frames, labels, "stock")
