"""The measure of alignment: it finds in M what the noise has learned of the outputs' derivative, and nothing in a random M."""
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.alignment import alignment, jacobians
from lava_opzo.layer_metrics import LayerMetrics
from lava_opzo.state import initial_state
from lava_opzo.twin import train
from lava_opzo.twin_engine import TwinEngine
from sim_tests.small import random_samples, small_config


@pytest.fixture(scope="module")
def m_learned_alone():
    """A network whose W stand still (their updates are shifted away) while M sums z*d over 100 passes of 40 samples."""
    config = small_config(hidden=(20, 16))
    still = [replace(layer, y_shift=20) for layer in config.hidden]
    config = replace(config, hidden=still, decay_period=0, readout=replace(config.readout, y_shift=22, d_shift=8))
    frames, labels = random_samples(config, 40, seed=2)
    state = initial_state(config)
    train(config, state, np.tile(frames, (100, 1, 1)), np.tile(labels, 100))
    assert all((m != 0).mean() > 0.5 for m in state.feedback)
    return config, state, frames


def test_m_that_summed_noise_times_difference_points_along_the_derivative(m_learned_alone):
    config, state, frames = m_learned_alone
    assert min(alignment(config, state, frames)) > 0.6


def test_a_random_m_does_not_and_an_inverted_one_points_the_other_way(m_learned_alone):
    config, state, frames = m_learned_alone
    rng = np.random.default_rng(0)
    random = replace(state, feedback=[rng.integers(-100, 100, m.shape) for m in state.feedback])
    assert max(map(abs, alignment(config, random, frames))) < 0.35
    inverted = replace(state, feedback=[-m for m in state.feedback])
    assert alignment(config, inverted, frames) == [-cosine for cosine in alignment(config, state, frames)]


def test_the_derivative_of_the_top_layer_is_its_share_of_near_steps_times_the_readout_weights(m_learned_alone):
    config, state, frames = m_learned_alone
    *_, top = jacobians(config, state, frames)
    used = state.weights[-1][0] != 0
    top, readout = top[used], state.weights[-1][:, used]
    shares = top[:, 0] / readout[0]
    for q in range(config.readout.n):
        np.testing.assert_allclose(top[:, q], shares * readout[q], atol=1e-12)
    near_steps = shares * config.steps * len(frames)
    np.testing.assert_allclose(near_steps, np.rint(near_steps), atol=1e-6)
    assert (shares > 0).any() and shares.max() <= 1


def test_an_m_of_zeros_has_no_direction():
    config = small_config()
    assert alignment(config, initial_state(config), random_samples(config, 3)[0]) == [None, None]


def test_spike_rates_of_a_look_are_those_since_the_look_before():
    config = small_config()
    frames, labels = random_samples(config, 12)
    with TwinEngine(config, initial_state(config)) as engine:
        metrics = LayerMetrics(config, engine, frames, "fixed_pt", 0)
        engine.train(frames[:4], labels[:4])
        metrics.look(4)
        engine.train(frames[4:], labels[4:])
        seen = metrics.look(12)
    state = initial_state(config)
    train(config, state, frames[:4], labels[:4])
    spikes = train(config, state, frames[4:], labels[4:]).spikes.sum(axis=0)
    steps = 8 * config.schedule().window_steps
    assert seen["spike_rates"] == pytest.approx([n / (steps * layer.n) for n, layer in zip(spikes, config.hidden)], rel=1e-12)


def test_a_look_is_due_when_a_power_of_two_is_passed():
    config = small_config()
    with TwinEngine(config, initial_state(config)) as engine:
        metrics = LayerMetrics(config, engine, random_samples(config, 1)[0], "fixed_pt", 100)
        assert [metrics.due(n) for n in (101, 127, 128, 300)] == [False, False, True, True]
