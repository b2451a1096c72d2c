"""Stock Lava, our event-driven model and the twin give equal bits in every learned array; nothing depends on a random seed of Lava."""
import numpy as np
import pytest
from sklearn.datasets import load_digits

from lava_opzo.engines.lava.engine import LavaEngine
from lava_opzo.errors import UserError
from lava_opzo.experiment.presets import digits
from lava_opzo.network.initial import initial_state
from lava_opzo.engines.twin.integers.loop import train as twin_train
from lava_opzo.engines.twin.integers.engine import TwinEngine
from sim_tests.helpers.networks import differing, random_samples, small_network


def learned_in_lava(config, frames, labels, state=None, **options):
    state = state or initial_state(config)
    with LavaEngine(config, state.copy(), n_frames=frames.shape[1], capacity=16, timeout=120, **options) as engine:
        predictions = engine.train(frames, labels)
        return engine.state(), predictions, engine.rail_touches


def learned_in_twin(config, frames, labels, state=None):
    state = (state or initial_state(config)).copy()
    result = twin_train(config, state, frames, labels)
    return state, result


@pytest.fixture(scope="module")
def twenty_digits():
    experiment = digits()
    pixels = np.minimum(load_digits().data[:20], 15).astype(np.uint8)
    frames = np.concatenate([pixels, np.full((20, 1), 15, np.uint8)], axis=1)[:, None, :]
    return experiment.network, frames, load_digits().target[:20].astype(np.int32)


def test_twenty_digits_give_equal_bits_in_stock_lava_the_event_driven_model_and_the_twin(twenty_digits):
    config, frames, labels = twenty_digits
    event, predictions, _ = learned_in_lava(config, frames, labels, engine="fast")
    stock, stock_predictions, _ = learned_in_lava(config, frames, labels, engine="stock")
    twin, result = learned_in_twin(config, frames, labels)
    assert differing(event, stock) == differing(event, twin) == []
    assert any((w != w0).any() for w, w0 in zip(event.weights, initial_state(config).weights)), "nothing was learned"
    assert np.array_equal(predictions, stock_predictions) and np.array_equal(predictions, result.predictions)


@pytest.mark.parametrize("engine", ["fast", "stock"])
def test_lavas_random_seed_has_no_effect(engine):
    config = small_network()
    frames, labels = random_samples(config, 12)
    first, *_ = learned_in_lava(config, frames, labels, engine=engine, rng_seed=1)
    second, *_ = learned_in_lava(config, frames, labels, engine=engine, rng_seed=12345)
    assert differing(first, second) == []


@pytest.mark.parametrize("options", [
    {"hidden": (13,)},
    {"hidden": (9, 8, 7, 6)},
    {"hidden": (12, 10), "windows": 1},
    {"hidden": (12, 10), "x_max": 1, "d_bits": 3, "decay_period": 0},
    {"hidden": (12, 10), "halve_every": 5, "max_halvings": 2},
], ids=["one layer", "four layers", "one window", "other phases", "halvings"])
def test_every_shape_of_network_gives_equal_bits_in_lava_and_the_twin(options):
    config = small_network(**options)
    frames, labels = random_samples(config, 25)
    lava, predictions, _ = learned_in_lava(config, frames, labels)
    twin, result = learned_in_twin(config, frames, labels)
    assert differing(lava, twin) == []
    assert np.array_equal(predictions, result.predictions)


def test_frames_that_change_from_step_to_step_give_equal_bits():
    config = small_network()
    frames, labels = random_samples(config, 15, rows=config.steps)
    lava, *_ = learned_in_lava(config, frames, labels)
    twin, _ = learned_in_twin(config, frames, labels)
    assert differing(lava, twin) == []


def test_weights_that_touch_the_rails_stay_equal_and_are_counted():
    config = small_network()
    frames, labels = random_samples(config, 15)
    state = initial_state(config)
    rng = np.random.default_rng(1)
    for weights in (*state.weights, *state.feedback):
        at_edge = rng.random(weights.shape) < 0.5
        weights[at_edge] = rng.choice([-256, -254, 254], np.count_nonzero(at_edge))
    event, _, touches = learned_in_lava(config, frames, labels, state)
    stock, *_ = learned_in_lava(config, frames, labels, state, engine="stock")
    twin, result = learned_in_twin(config, frames, labels, state)
    assert differing(event, stock) == differing(event, twin) == []
    assert [touches[f"W{i}"] for i in (1, 2, 3)] == result.weight_touches.tolist()
    assert [touches[f"M{i}"] for i in (1, 2)] == result.feedback_touches.tolist()
    assert sum(touches.values()) > 0


def test_a_state_with_odd_weights_goes_on_with_equal_bits():
    config = small_network()
    frames, labels = random_samples(config, 20)
    state = initial_state(config)
    state.n_trained = 20
    for weights in (*state.weights, *state.feedback):
        weights[weights > 0] = 253
    for engine in ("fast", "stock"):
        lava, *_ = learned_in_lava(config, frames, labels, state, engine=engine)
        twin, _ = learned_in_twin(config, frames, labels, state)
        assert differing(lava, twin) == []


def test_evaluation_changes_nothing_and_training_goes_on_after_it():
    config = small_network()
    frames, labels = random_samples(config, 20)
    unbroken, *_ = learned_in_lava(config, frames, labels)
    with LavaEngine(config, initial_state(config), capacity=7, timeout=120) as engine:
        assert engine.evaluate(frames[:3]).shape == (3,)
        engine.train(frames[:9], labels[:9])
        engine.evaluate(frames)
        engine.train(frames[9:], labels[9:])
        assert differing(engine.state(), unbroken) == []


@pytest.mark.parametrize("value, reason", [(101, "odd"), (300, "outside -256..255")])
def test_initial_weights_that_lava_would_change_are_refused_before_it_starts(value, reason):
    config = small_network()
    for name in ("weights", "feedback"):
        state = initial_state(config)
        getattr(state, name)[1][2, 3] = value
        for start in (LavaEngine, TwinEngine):
            with pytest.raises(UserError, match=f"{name}.2.*{reason}"):
                start(config, state)
