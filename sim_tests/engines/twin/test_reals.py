"""The compiled floating-point twin: the real numbers of Lava's floating_pt models, and kinds of credit told by their own formulas."""
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.engines.lava.engine import LavaEngine
from lava_opzo.engines.registry import factory
from lava_opzo.engines.twin.layout import network
from lava_opzo.engines.twin.noise import draw_noise
from lava_opzo.engines.twin.reals import loop
from lava_opzo.engines.twin.reals.credit import BACKPROP, SINGLE_POINT, credits
from lava_opzo.engines.twin.reals.forward import infer
from lava_opzo.engines.twin.reals.memory import pack, scratch
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.network.initial import initial_state
from lava_opzo.runs import checkpoint
from sim_tests.helpers.networks import random_samples, small_network

SHAPES = [{}, {"windows": 1, "halve_every": 4, "max_halvings": 2}, {"hidden": (9, 8, 7), "decay_period": 0},
          {"credit": "dfa", "d_bits": 0, "decay_period": 0, "m_sigma": 8.0}, {"hidden": (9,)}, {"hidden": (9, 8, 7, 6)}]


@pytest.mark.parametrize("options", SHAPES, ids=["two layers", "one window", "three layers", "fixed M", "one layer", "four layers"])
@pytest.mark.parametrize("rows", [1, 5])
def test_lava_in_floating_point_and_the_twin_learn_the_same_numbers_up_to_rounding(options, rows):
    config = small_network(**options)
    config = replace(config, hidden=[replace(layer, dv=0 if i else 200) for i, layer in enumerate(config.hidden)])
    frames, labels = random_samples(config, 20, rows)
    with LavaEngine(config, initial_state(config), model="floating_pt", n_frames=rows, capacity=32, timeout=120) as lava:
        predictions, expected, evaluated = lava.train(frames, labels), lava.state().arrays(), lava.evaluate(frames)
        rates = lava.spike_rates()
    with factory("twin", "floating_pt")(config, initial_state(config), rows) as twin:
        assert np.array_equal(twin.train(frames, labels), predictions)
        assert np.array_equal(twin.evaluate(frames), evaluated)
        assert twin.spike_rates() == rates
        for name, array in twin.state().arrays().items():
            np.testing.assert_allclose(array, expected[name], rtol=0, atol=1e-9, err_msg=name)
    start = initial_state(config)
    assert any(np.abs(a - b).max() > 1 for a, b in zip(twin.state().weights, start.weights)), "nothing was learned"
    assert twin.state().n_trained == 20


def test_learning_in_parts_gives_the_numbers_of_learning_at_once():
    config = small_network()
    frames, labels = random_samples(config, 30)
    whole, parts = initial_state(config), initial_state(config)
    loop.train(config, whole, frames, labels)
    for part in (slice(0, 7), slice(7, 8), slice(8, 30)):
        loop.train(config, parts, frames[part], labels[part])
    for name, array in whole.arrays().items():
        assert np.array_equal(array, parts.arrays()[name]), name


@pytest.mark.parametrize("first, second", [("twin", "lava"), ("lava", "twin")])
def test_a_checkpoint_goes_on_in_the_other_engine_with_the_numbers_of_one(first, second, tmp_path):
    experiment = Experiment(Data("none"), small_network(), Training())
    config, (frames, labels) = experiment.network, random_samples(experiment.network, 20)
    with factory(first, "floating_pt")(config, initial_state(config), 1) as engine:
        engine.train(frames[:9], labels[:9])
        checkpoint.save(tmp_path / "c", experiment, engine.state())
    with factory(second, "floating_pt")(config, checkpoint.load(tmp_path / "c")[1], 1) as engine:
        engine.train(frames[9:], labels[9:])
        learned = engine.state()
    whole = initial_state(config)
    loop.train(config, whole, frames, labels)
    for name, array in whole.arrays().items():
        np.testing.assert_allclose(learned.arrays()[name], array, rtol=0, atol=1e-9, err_msg=name)
    assert learned.n_trained == 20


def credited(credit, kind, hidden=(14, 11)):
    """The scratch of one sample after its credit, with its configuration and state."""
    config = small_network(hidden=hidden, credit=credit, d_bits=0, decay_period=0)
    state = initial_state(config)
    frames, labels = random_samples(config, 1, seed=3)
    net, memory = network(config), pack(config, state)
    work = scratch(net, 1)
    draw_noise(net, memory, work)
    infer(net, memory, frames[0], config.windows, True, work)
    o = work.error.copy()
    credits(net, memory, kind, labels[0], 0, work)
    return config, state, work, o, labels[0]


def test_backpropagation_is_the_chain_rule_through_the_gates():
    config, state, work, _, _ = credited("backprop", BACKPROP, hidden=(14, 11, 9))
    bounds = np.cumsum([0, *config.widths[1:]])
    psi = [work.psi[a:b].astype(float) for a, b in zip(bounds, bounds[1:])]
    g = [work.g[a:b] for a, b in zip(bounds, bounds[1:])]
    expected = state.weights[-1].T @ work.error
    for layer in (2, 1, 0):
        np.testing.assert_allclose(g[layer], expected, rtol=1e-12)
        assert np.abs(expected).max() > 0
        slope = psi[layer] / (config.windows * config.steps) / (2 * config.hidden[layer].psi_width)
        expected = state.weights[layer].T @ (expected * slope)


def test_the_single_point_estimate_is_the_loss_times_the_noise():
    config, _, work, o, label = credited("single-point", SINGLE_POINT)
    logits = o / 2.0 ** (config.readout.error_shift + 4)
    loss = np.log(np.exp(logits - logits.max()).sum()) + logits.max() - logits[label]
    hidden = sum(config.widths[1:-1])
    np.testing.assert_allclose(work.g[:hidden], loss * work.z[:hidden], rtol=1e-12)
