"""The measure of alignment: it finds in M what the noise has learned of the outputs' derivative, and nothing in a random M."""
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.engines import registry
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.runs.alignment import alignment, jacobians
from lava_opzo.runs.metrics import LayerMetrics
from sim_tests.helpers.images import image_network, images
from sim_tests.helpers.networks import local_network, random_samples, small_network


def learned(network, state, frames, labels):
    """The twin's state after these samples."""
    with registry.make("twin", network, state) as engine:
        engine.train(frames, labels)
        return engine.state()


def with_feedback(network, state, change):
    """The state with every M put through `change`."""
    names = [connection.weights for connection in network.feedback]
    return State({name: change(array) if name in names else array for name, array in state.arrays.items()}, state.n_trained)


@pytest.fixture(scope="module")
def m_learned_alone():
    """A network whose W stand still (their updates are shifted away) while M sums z*d over 100 passes of 40 samples."""
    network = small_network(hidden=(20, 16), decay_period=0)
    still = tuple(replace(layer, y_shift=20) for layer in network.hidden)
    network = changed(network, hidden=still, readout=replace(network.readout, y_shift=22, d_shift=8))
    frames, labels = random_samples(network, 40, seed=2)
    state = learned(network, initial_state(network), np.tile(frames, (100, 1, 1)), np.tile(labels, 100))
    assert all((state[connection.weights] != 0).mean() > 0.5 for connection in network.feedback)
    return network, state, frames


def test_m_that_summed_noise_times_difference_points_along_the_derivative(m_learned_alone):
    network, state, frames = m_learned_alone
    assert min(alignment(network, state, frames)) > 0.6


def test_a_random_m_does_not_and_an_inverted_one_points_the_other_way(m_learned_alone):
    network, state, frames = m_learned_alone
    rng = np.random.default_rng(0)
    random = with_feedback(network, state, lambda m: rng.integers(-100, 100, m.shape))
    assert max(map(abs, alignment(network, random, frames))) < 0.35
    inverted = with_feedback(network, state, np.negative)
    assert alignment(network, inverted, frames) == [-cosine for cosine in alignment(network, state, frames)]


def test_m_of_a_layer_with_a_readout_of_its_own_is_held_against_the_outputs_of_that_one():
    network = local_network((10, 8, 7), layers=(1,))
    state, (frames, _) = initial_state(network), random_samples(network, 6)
    above, below = network.into_auxiliary[0], network.forward[0]
    alone = Network.chain(6, network.hidden[:1], replace(network.auxiliary[0], name="readout"), (below.sigma, above.sigma),
                          (below.x_shift, above.x_shift), network.learning)
    arrays = initial_state(alone).arrays | {"W1.weights": state["W1.weights"], "W2.weights": state["A1.weights"]}
    (expected,) = jacobians(alone, State(arrays), frames)
    found, plain = jacobians(network, state, frames), small_network((10, 8, 7), 6, 3)
    assert np.array_equal(found[0], expected) and expected.any()
    others = jacobians(plain, initial_state(plain), frames)
    assert [np.array_equal(one, other) for one, other in zip(found, others, strict=True)] == [False, True, True]


def near_shares(network, state, frame, scale):
    """psi / K of every hidden layer for one sample without noise, neuron by neuron; scale: integers (the leak rounds) or real."""
    steps = network.learning.steps
    inputs, shares = [frame[k % len(frame)] for k in range(steps)], []
    for layer, connection in zip(network.hidden, network.forward, strict=False):
        weights = state[connection.weights]
        near, spikes = [0] * layer.n, [[0] * layer.n for _ in inputs]
        for i in range(layer.n):
            v = 0
            for k, values in enumerate(inputs):
                kept = abs(v) * (4096 - layer.dv) / 4096
                kept = int(kept) if scale == "integers" else kept
                v = (kept if v >= 0 else -kept) + 64 * sum(w * s for w, s in zip(weights[i].tolist(), values, strict=True))
                near[i] += abs(v - 64 * layer.vth) < 64 * layer.psi_width
                if v > 64 * layer.vth:
                    v, spikes[k][i] = 0, 1
        shares.append([n / steps for n in near])
        inputs = spikes
    return shares


def slope(network, state, shares, layer, i, q):
    """d o_q / d bias_i by the chain rule, one path after the other; layer counts from 0."""
    weights = state[network.forward[layer + 1].weights]
    if layer == network.depth - 1:
        return shares[layer][i] * weights[q, i]
    above = network.hidden[layer + 1]
    return shares[layer][i] * sum(weights[j, i] / (2 * above.psi_width) * slope(network, state, shares, layer + 1, j, q)
                                  for j in range(above.n))


@pytest.mark.parametrize("hidden", [(7,), (6, 5), (6, 5, 4)])
@pytest.mark.parametrize("number", ["fixed", "real"])
@pytest.mark.parametrize("rows", [1, 5])
def test_the_derivative_is_the_sum_over_all_paths_through_near_neurons(hidden, number, rows):
    network = small_network(hidden=hidden)
    first, *above = network.hidden
    above = [replace(layer, dv=100, vth=40, psi_width=60) for layer in above]
    network = changed(network, hidden=(replace(first, dv=100), *above))
    state, (frames, _) = initial_state(network), random_samples(network, 6, rows, seed=5)
    if number == "real":
        for connection in network.forward:
            weights = state[connection.weights]
            state.arrays[connection.weights] = weights + np.random.default_rng(1).random(weights.shape)
    shares = [near_shares(network, state, frame.tolist(), "integers" if number == "fixed" else "real") for frame in frames]
    for layer, found in enumerate(jacobians(network, state, frames, number)):
        expected = np.mean([[[slope(network, state, share, layer, i, q) for q in range(network.readout.n)]
                             for i in range(network.hidden[layer].n)] for share in shares], axis=0)
        assert np.abs(expected).max() > 0
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("number", ["fixed", "real"])
def test_images_have_the_derivative_of_the_same_network_all_to_all_with_zeros(number):
    network, largest = image_network(), []
    state = initial_state(network)
    dense, arrays = changed(network, wiring=()), dict(state.arrays)
    for connection in network.forward:
        edges, weights = connection.topology.edges(), state[connection.weights]
        matrix = np.zeros((connection.topology.n_post, connection.topology.n_pre), np.int32)
        for pre, post, w in zip(edges.pre, edges.post, edges.w, strict=True):
            matrix[post, pre] = weights.flat[w]
        arrays[connection.weights] = matrix
    frames = images(network, 6)
    pairs = zip(jacobians(network, state, frames, number), jacobians(dense, State(arrays), frames, number), strict=True)
    for found, expected in pairs:
        largest.append(np.abs(expected).max())
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
    assert min(largest) > 0


def test_an_m_of_zeros_has_no_direction():
    network = small_network()
    assert alignment(network, initial_state(network), random_samples(network, 3)[0]) == [None, None]


def test_spike_rates_of_a_measurement_are_those_since_the_one_before():
    network = small_network()
    frames, labels = random_samples(network, 12)
    with registry.make("twin", network, initial_state(network)) as engine:
        metrics = LayerMetrics(network, engine, frames, "fixed", 0, {})
        engine.train(frames[:4], labels[:4])
        metrics.measure(4, between := engine.state())
        engine.train(frames[4:], labels[4:])
        line = metrics.measure(12, engine.state())
    with registry.make("twin", network, between) as engine:
        engine.train(frames[4:], labels[4:])
        assert line["spike_rates"] == pytest.approx(engine.seen().spike_rates, rel=1e-12)


def test_a_measurement_is_wanted_when_a_power_of_two_is_passed():
    network = small_network()
    with registry.make("twin", network, initial_state(network)) as engine:
        metrics = LayerMetrics(network, engine, random_samples(network, 1)[0], "fixed", 100, {})
        assert [metrics.wanted(n) for n in (101, 127, 128, 300)] == [False, False, True, True]


def test_an_interrupted_run_gives_the_rates_and_measurements_of_an_unbroken_one():
    network, n = small_network(), 150
    frames, labels = random_samples(network, n)

    def measured(stops):
        """All measurements and the rates at the end, when the run is interrupted at these samples."""
        state, counted, lines, done = initial_state(network), {}, [], 0
        for stop in (*stops, n):
            with registry.make("twin", network, state) as engine:
                metrics = LayerMetrics(network, engine, frames, "fixed", done, counted)
                while done < stop:
                    until = min(stop, max(32, 1 << done.bit_length()))
                    engine.train(frames[done:until], labels[done:until])
                    done = until
                    if metrics.wanted(done):
                        lines.append(metrics.measure(done, engine.state()))
                counted, state = metrics.counted(done), engine.state()
                rates = metrics.spike_rates(done)
        return lines, rates

    (whole, rates), (broken, broken_rates) = measured(()), measured((50, 70, 131))
    assert [line["n_trained"] for line in whole] == [line["n_trained"] for line in broken] == [32, 64, 128]
    assert broken_rates == pytest.approx(rates, rel=1e-9)
    for a, b in zip(whole, broken, strict=True):
        assert b["spike_rates"] == pytest.approx(a["spike_rates"], rel=1e-9) and b["alignment"] == a["alignment"]
