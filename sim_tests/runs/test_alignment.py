"""The measure of alignment: it finds in M what the noise has learned of the outputs' derivative, and nothing in a random M."""
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.runs.alignment import alignment, jacobians
from lava_opzo.runs.metrics import LayerMetrics
from lava_opzo.network.initial import initial_state
from lava_opzo.engines.twin.integers.loop import train
from lava_opzo.engines.twin.integers.engine import TwinEngine
from sim_tests.helpers.networks import random_samples, small_network


@pytest.fixture(scope="module")
def m_learned_alone():
    """A network whose W stand still (their updates are shifted away) while M sums z*d over 100 passes of 40 samples."""
    config = small_network(hidden=(20, 16))
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


def near_shares(config, state, frame, scale):
    """psi / K of every hidden layer for one sample without noise, neuron by neuron; scale: 64 with a leak that rounds, or real."""
    inputs, shares = [frame[k % len(frame)] for k in range(config.steps)], []
    for layer, weights in zip(config.hidden, state.weights):
        near, spikes = [0] * layer.n, [[0] * layer.n for _ in inputs]
        for i in range(layer.n):
            v = 0
            for k, values in enumerate(inputs):
                kept = abs(v) * (4096 - layer.dv) / 4096
                kept = int(kept) if scale == "integers" else kept
                v = (kept if v >= 0 else -kept) + 64 * sum(w * s for w, s in zip(weights[i].tolist(), values))
                near[i] += abs(v - 64 * layer.vth) < 64 * layer.psi_width
                if v > 64 * layer.vth:
                    v, spikes[k][i] = 0, 1
        shares.append([n / config.steps for n in near])
        inputs = spikes
    return shares


def slope(config, state, shares, layer, i, q):
    """d o_q / d bias_i by the chain rule, one path after the other; layer counts from 0."""
    if layer == config.depth - 1:
        return shares[layer][i] * state.weights[-1][q, i]
    above = range(config.hidden[layer + 1].n)
    return shares[layer][i] * sum(state.weights[layer + 1][j, i] / (2 * config.hidden[layer + 1].psi_width)
                                  * slope(config, state, shares, layer + 1, j, q) for j in above)


@pytest.mark.parametrize("hidden", [(7,), (6, 5), (6, 5, 4)])
@pytest.mark.parametrize("model", ["fixed_pt", "floating_pt"])
@pytest.mark.parametrize("rows", [1, 5])
def test_the_derivative_is_the_sum_over_all_paths_through_near_neurons(hidden, model, rows):
    config = small_network(hidden=hidden)
    first, *above = config.hidden
    config = replace(config, hidden=[replace(first, dv=100), *(replace(layer, dv=100, vth=40, psi_width=60) for layer in above)])
    state, (frames, _) = initial_state(config), random_samples(config, 6, rows, seed=5)
    if model == "floating_pt":
        state.weights = [w + np.random.default_rng(1).random(w.shape) for w in state.weights]
    shares = [near_shares(config, state, frame.tolist(), "integers" if model == "fixed_pt" else "real") for frame in frames]
    for layer, found in enumerate(jacobians(config, state, frames, model)):
        expected = np.mean([[[slope(config, state, share, layer, i, q) for q in range(config.readout.n)]
                             for i in range(config.hidden[layer].n)] for share in shares], axis=0)
        assert np.abs(expected).max() > 0
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def test_an_m_of_zeros_has_no_direction():
    config = small_network()
    assert alignment(config, initial_state(config), random_samples(config, 3)[0]) == [None, None]


def test_spike_rates_of_a_look_are_those_since_the_look_before():
    config = small_network()
    frames, labels = random_samples(config, 12)
    with TwinEngine(config, initial_state(config)) as engine:
        metrics = LayerMetrics(config, engine, frames, "fixed_pt", 0, {})
        engine.train(frames[:4], labels[:4])
        metrics.look(4, engine.state())
        engine.train(frames[4:], labels[4:])
        seen = metrics.look(12, engine.state())
    state = initial_state(config)
    train(config, state, frames[:4], labels[:4])
    spikes = train(config, state, frames[4:], labels[4:]).spikes.sum(axis=0)
    steps = 8 * config.schedule().window_steps
    assert seen["spike_rates"] == pytest.approx([n / (steps * layer.n) for n, layer in zip(spikes, config.hidden)], rel=1e-12)


def test_a_look_is_due_when_a_power_of_two_is_passed():
    config = small_network()
    with TwinEngine(config, initial_state(config)) as engine:
        metrics = LayerMetrics(config, engine, random_samples(config, 1)[0], "fixed_pt", 100, {})
        assert [metrics.due(n) for n in (101, 127, 128, 300)] == [False, False, True, True]


def test_an_interrupted_run_gives_the_rates_and_looks_of_an_unbroken_one(tmp_path):
    config, n = small_network(), 150
    frames, labels = random_samples(config, n)

    def looks(stops):
        """All looks and the rates at the end, when the run is carried over at these samples."""
        state, carried, lines, done = initial_state(config), {}, [], 0
        for stop in (*stops, n):
            with TwinEngine(config, state) as engine:
                metrics = LayerMetrics(config, engine, frames, "fixed_pt", done, carried)
                while done < stop:
                    until = min(stop, max(32, 1 << done.bit_length()))
                    engine.train(frames[done:until], labels[done:until])
                    done = until
                    if metrics.due(done):
                        lines.append(metrics.look(done, engine.state()))
                carried, state = metrics.carried(done), engine.state()
                rates = metrics.spike_rates(done)
        return lines, rates

    (whole, rates), (broken, broken_rates) = looks(()), looks((50, 70, 131))
    assert [line["n_trained"] for line in whole] == [line["n_trained"] for line in broken] == [32, 64, 128]
    assert broken_rates == pytest.approx(rates, rel=1e-9)
    for a, b in zip(whole, broken):
        assert b["spike_rates"] == pytest.approx(a["spike_rates"], rel=1e-9) and b["alignment"] == a["alignment"]
