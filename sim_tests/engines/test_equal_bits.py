"""Stock Lava, our event-driven model, the twin and the in-the-loop engine leave equal bits in every learned array."""
import numpy as np
import pytest
from sklearn.datasets import load_digits

from lava_opzo.engines.registry import make, names_with
from lava_opzo.errors import UserError
from lava_opzo.experiment.presets import digits
from lava_opzo.learning import rules
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.profile import LOIHI_254
from sim_tests.helpers.networks import differing, random_samples, small_network

INTEGERS = names_with("fixed", learns=True)


def learned(name, network, frames, labels, state=None):
    """(state after the samples, predictions made on the way, what was seen) in an engine."""
    with make(name, network, state or initial_state(network), "fixed", frames.shape[1]) as engine:
        predictions = engine.train(frames, labels)
        return engine.state(), predictions, engine.seen()


def at_the_rails(network):
    """A state with half of its weights at or beside a rail."""
    state, rng, profile = initial_state(network), np.random.default_rng(1), network.profile
    for connection in network.connections:
        weights = state[connection.weights]
        at_edge = rng.random(weights.shape) < 0.5
        weights[at_edge] = rng.choice([profile.weight_min, profile.weight_min + 2, 254], np.count_nonzero(at_edge))
    return state


@pytest.fixture(scope="module")
def eight_digits():
    pixels = np.minimum(load_digits().data[:8], 15).astype(np.uint8)
    frames = np.concatenate([pixels, np.full((8, 1), 15, np.uint8)], axis=1)[:, None, :]
    return digits().network, frames, load_digits().target[:8].astype(np.int32)


def test_eight_digits_give_equal_bits_and_predictions_in_every_engine(eight_digits):
    network, frames, labels = eight_digits
    (first, answers, _), *others = [learned(name, network, frames, labels) for name in INTEGERS]
    assert len(others) == 3 and "W1.weights" in differing(first, initial_state(network)), "nothing was learned"
    for state, predictions, _ in others:
        assert differing(first, state) == [] and np.array_equal(answers, predictions)


@pytest.mark.parametrize("engine", ["fast", "stock"])
def test_lavas_random_seed_has_no_effect(engine, monkeypatch):
    network = small_network()
    frames, labels = random_samples(network, 5)
    first, *_ = learned(engine, network, frames, labels)
    right = rules.learning_rule
    monkeypatch.setattr(rules, "learning_rule", lambda products, rng_seed=12345: right(products, rng_seed))
    second, *_ = learned(engine, network, frames, labels)
    assert differing(first, second) == []


@pytest.mark.parametrize("options", [
    {"hidden": (13,)},
    {"hidden": (9, 8, 7, 6)},
    {"hidden": (12, 10), "windows": 1},
    {"hidden": (12, 10), "x_max": 1, "d_bits": 3, "decay_period": 0},
    {"hidden": (12, 10), "halve_every": 3, "max_halvings": 2},
    {"hidden": (12, 10), "credit": "dfa"},
    {"hidden": (12, 10), "vth": 200, "v_floor": 1, "spread": True, "stagger": 3},
], ids=["one layer", "four layers", "one window", "other phases", "halvings", "fixed M", "floor and spread payloads"])
def test_every_shape_of_network_gives_equal_bits_in_lava_and_the_twin(options):
    network = small_network(**options)
    frames, labels = random_samples(network, 8)
    lava, answers, _ = learned("fast", network, frames, labels)
    twin, predictions, _ = learned("twin", network, frames, labels)
    assert differing(lava, twin) == [] and np.array_equal(answers, predictions)
    assert "W2.weights" in differing(twin, initial_state(network)), "nothing was learned"


def test_frames_that_change_from_step_to_step_give_equal_bits():
    network = small_network()
    frames, labels = random_samples(network, 8, rows=network.learning.steps)
    assert differing(learned("fast", network, frames, labels)[0], learned("twin", network, frames, labels)[0]) == []


def test_a_floor_and_spread_payloads_change_what_is_learned():
    frames, labels = random_samples(small_network(), 10)
    states = [learned("twin", small_network(vth=200, **options), frames, labels)[0]
              for options in ({}, {"v_floor": 1}, {"spread": True}, {"v_floor": 1, "spread": True},
                              {"spread": True, "stagger": 3})]
    assert all(differing(a, b) for i, a in enumerate(states) for b in states[:i])


def test_the_host_learns_spread_payloads_alike_and_refuses_a_floor_that_stock_neurons_lack():
    network = small_network(spread=True, stagger=5)
    frames, labels = random_samples(network, 10)
    assert differing(learned("in-the-loop", network, frames, labels)[0], learned("twin", network, frames, labels)[0]) == []
    floored = small_network(v_floor=2)
    with pytest.raises(UserError, match="engine 'in-the-loop' lacks a floor of the membrane in hidden1 and .*; choose"):
        make("in-the-loop", floored, initial_state(floored))


def test_weights_that_touch_the_rails_stay_equal_and_are_counted_alike_by_all_that_count():
    network = small_network()
    frames, labels = random_samples(network, 8)
    found = {name: learned(name, network, frames, labels, at_the_rails(network)) for name in INTEGERS}
    assert all(differing(state, found["twin"][0]) == [] for state, *_ in found.values())
    touches = {name: seen.rail_touches for name, (*_, seen) in found.items()}
    assert touches["stock"] is None and touches["fast"] == touches["twin"] == touches["in-the-loop"]
    assert all(touches["twin"].values())


def test_engines_that_have_other_rails_agree_under_them():
    network = small_network(profile=LOIHI_254)
    frames, labels = random_samples(network, 8)
    names = [name for name in INTEGERS if name != "stock"]
    (first, _, seen), *others = [learned(name, network, frames, labels, at_the_rails(network)) for name in names]
    assert all(differing(state, first) == [] and other.rail_touches == seen.rail_touches for state, _, other in others)
    weights = [first[connection.weights] for connection in network.connections]
    assert max(array.max() for array in weights) == 254 and not any((array & 1).any() for array in weights)


def test_a_state_with_odd_weights_goes_on_with_equal_bits():
    network = small_network()
    frames, labels = random_samples(network, 8)
    state = initial_state(network)
    state.n_trained = 20
    for connection in network.connections:
        state[connection.weights][state[connection.weights] > 0] = 253
    twin, *_ = learned("twin", network, frames, labels, state)
    for engine in ("fast", "stock"):
        assert differing(learned(engine, network, frames, labels, state)[0], twin) == []


def test_evaluation_changes_nothing_and_training_goes_on_after_it():
    network = small_network()
    frames, labels = random_samples(network, 10)
    unbroken, *_ = learned("fast", network, frames, labels)
    with make("fast", network, initial_state(network)) as engine:
        assert engine.evaluate(frames[:3]).shape == (3,)
        engine.train(frames[:4], labels[:4])
        engine.evaluate(frames)
        engine.train(frames[4:], labels[4:])
        assert differing(engine.state(), unbroken) == []


@pytest.mark.parametrize("value, reason", [(101, "odd"), (300, "outside -256..255")])
@pytest.mark.parametrize("name", ["W2.weights", "M2.weights"])
def test_initial_weights_that_an_engine_would_change_are_refused_before_it_starts(value, reason, name):
    network = small_network()
    state = initial_state(network)
    state[name][2, 3] = value
    for engine in INTEGERS:
        with pytest.raises(UserError, match=f"{name}.*{reason}"):
            make(engine, network, state)
