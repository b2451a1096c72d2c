"""Where learned weights stop: at the rails of any profile, in the twin as in the slow loop and in the oracle."""
import numpy as np
import pytest

from benchmarks.resolution import Wide
from lava_opzo.engines.oracle.recorder import plain_config, plain_state
from lava_opzo.engines.oracle.sample import train_sample
from lava_opzo.engines.twin.integers.engine import TwinEngine
from lava_opzo.engines.twin.integers.loop import train
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.profile import LOIHI_254, PROFILES, STOCK_LAVA, Profile
from sim_tests.engines.twin.reference import assert_same_run, busy, data
from sim_tests.helpers.networks import random_samples, small_network


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@pytest.mark.parametrize("upper", [False, True])
def test_weights_and_feedback_at_a_rail_stop_there_and_are_counted(profile, upper):
    network = busy(widths=(37, 30), vth_upper=60, y_shift=5, profile=profile)
    state, rng, rail = initial_state(network), np.random.default_rng(1), profile.weight_max if upper else profile.weight_min
    for connection in network.connections:
        state[connection.weights][rng.random(connection.topology.weight_shape) < 0.2] = rail
    readout = state["W3.weights"]
    readout[readout != rail] = -100 if upper else 100  # only a negative output is driven upwards, only a positive one down
    result = assert_same_run(network, state, *data(network, 1))
    assert all(result.rail_touches.values())


@pytest.mark.parametrize("profile", [Profile("narrow", -30, 61), Profile("wide above", -8, 254)])
def test_rails_of_any_profile_are_reached_and_kept_on_either_side(profile):
    network = changed(busy(widths=(37, 30), vth_upper=60, y_shift=5, profile=profile), sigma=(3.0, 3.0, 3.0))
    state = initial_state(network)
    for connection in network.connections:
        np.clip(state[connection.weights], profile.weight_min, profile.weight_max & ~1, out=state[connection.weights])
    result = assert_same_run(network, state, *data(network, 1))
    learned = np.concatenate([state[connection.weights].ravel() for connection in network.connections])
    assert all(result.rail_touches.values()) and learned.min() == profile.weight_min
    assert learned.max() <= profile.weight_max


def test_no_weight_becomes_odd_under_an_even_rail():
    states = []
    for profile in (STOCK_LAVA, LOIHI_254):
        network = busy(widths=(37, 30), vth_upper=60, y_shift=5, profile=profile)
        state = initial_state(network)
        for connection in network.connections:
            state[connection.weights][:, ::2] = 254
        train(network, state, *data(network, 1))
        states.append(np.concatenate([state[connection.weights].ravel() for connection in network.connections]))
    assert (states[0] & 1).any() and not (states[1] & 1).any()


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@pytest.mark.parametrize("hidden", [(14, 11), (9, 8, 7, 6, 5, 8)], ids=["depth 2", "depth 6"])
def test_the_twin_learns_from_weights_at_the_rails_what_the_oracle_learns(profile, hidden):
    network = small_network(hidden=hidden, x_max=3, d_bits=3, profile=profile)
    state, rng = initial_state(network), np.random.default_rng(12)
    for connection in network.connections:
        weights = state[connection.weights]
        at_edge = rng.random(weights.shape) < 0.5
        weights[at_edge] = rng.choice([-256, -254, 252, 254], np.count_nonzero(at_edge))
    frames, labels = random_samples(network, 12, seed=12)
    plain, learned, predictions = plain_config(network), plain_state(state, network), []
    touches = dict.fromkeys([connection.name for connection in network.connections], 0)
    for frame, label in zip(frames, labels, strict=True):
        record, learned = train_sample(plain, learned, frame.tolist(), int(label))
        predictions.append(record["prediction"])
        found = record["rail_touches"]["W"] + record["rail_touches"]["M"]
        touches = {name: before + new for (name, before), new in zip(touches.items(), found, strict=True)}
    engine = TwinEngine(network, state)
    assert engine.train(frames, labels).tolist() == predictions
    assert plain_state(engine.state(), network) == learned
    assert engine.seen().rail_touches == touches and all(touches.values())


@pytest.mark.parametrize("payload", [1, 2, 3, 7, 15])
@pytest.mark.parametrize("weight", [-256, 254])
def test_sums_of_the_largest_weights_and_payloads_lose_nothing(payload, weight):
    network = small_network(n_in=300, hidden=(5,))
    state = initial_state(network)
    state["W1.weights"][:] = weight
    frames = np.full((1, 1, 300), payload, np.uint8)
    result = assert_same_run(network, state, frames, np.array([1]))
    assert result.largest["hidden1"]["u"] >> 6 == 300 * payload * abs(weight)


@pytest.mark.parametrize("payload", [1, 2, 15])
def test_nor_do_those_of_rails_that_no_chip_has(payload):
    network = small_network(n_in=300, hidden=(5,), profile=Wide("wide", -1024, 1022))
    state = initial_state(network)
    state["W1.weights"][:] = 1022
    result = assert_same_run(network, state, np.full((1, 1, 300), payload, np.uint8), np.array([1]))
    assert result.largest["hidden1"]["u"] >> 6 == 300 * payload * 1022
