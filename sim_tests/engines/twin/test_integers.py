"""The twin in integers equals the slow loop of `reference`, whatever the shape and the constants of a network."""
import numpy as np
import pytest

from lava_opzo.engines.twin.integers.engine import TwinEngine
from lava_opzo.engines.twin.integers.loop import evaluate, train
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from sim_tests.engines.twin.reference import Reference, assert_same_run, busy, data
from sim_tests.helpers.networks import differing


@pytest.mark.parametrize("widths", [(37,), (37, 18), (37, 18, 21), (9, 40, 7, 33), (37, 18, 21, 16, 17, 15)])
@pytest.mark.parametrize("windows", [1, 2])
@pytest.mark.parametrize("n_frames", [1, 6])
def test_any_depth_windows_and_frames_give_the_reference_bits(widths, windows, n_frames):
    network = busy(widths=widths, windows=windows)
    result = assert_same_run(network, initial_state(network), *data(network, n_frames))
    assert result.spikes.any(axis=0).all()


@pytest.mark.parametrize("dv", [1, 409, 4095])
def test_leak_gives_the_reference_bits(dv):
    network = busy(dv=dv)
    assert_same_run(network, initial_state(network), *data(network, 6))


@pytest.mark.parametrize("x_max", [1, 2, 3, 7])
@pytest.mark.parametrize("d_bits", [1, 3])
def test_ranks_and_bits_of_the_updates_give_the_reference_bits(x_max, d_bits):
    network = busy(x_max=x_max, d_bits=d_bits)
    assert_same_run(network, initial_state(network), *data(network, 1))


@pytest.mark.parametrize("decay_period", [0, 1, 4, 64])
def test_decay_period_gives_the_reference_bits(decay_period):
    network = busy(decay_period=decay_period)
    assert_same_run(network, initial_state(network), *data(network, 1))


def test_halving_of_the_step_gives_the_reference_bits():
    network = busy(halve_every=7, max_halvings=3)
    assert_same_run(network, initial_state(network), *data(network, 1))


def test_wide_sums_wrap_their_current_once_and_saturate_the_membrane():
    network = busy(n_in=1200, widths=(48, 300, 8), vth=100000)
    state = initial_state(network)
    fan_in = np.linspace(0, 1200, 24).astype(int)
    for row, n in enumerate(fan_in):  # sums from 0 to far beyond both limits
        state["W1.weights"][row] = np.where(np.arange(1200) < n, 254, 0)
        state["W1.weights"][row + 24] = -state["W1.weights"][row]
    frames, labels = data(network, 1, 12)
    sums = state["W1.weights"].astype(np.int64) @ frames[:, 0].T.astype(np.int64) << 6
    for low, high in ((1 << 22, 1 << 23), (1 << 23, 1 << 24), (1 << 24, 1 << 26)):
        assert ((sums > low) & (sums < high)).any() and ((sums < -low) & (sums > -high)).any()
    result = assert_same_run(network, state, frames, labels)
    assert result.largest["hidden1"]["v"] == (1 << 23) - 1
    assert result.largest["hidden1"]["u"] > 1 << 24, "u counts before its wrap"


def test_a_current_at_either_limit_of_the_wrap_gives_the_reference_bits():
    network = busy(n_in=129, widths=(4, 5), vth=100000)
    state = initial_state(network)
    frames = np.full((2, 1, 129), 8, np.uint8)
    frames[:, 0, -1] = 1
    for row, (sign, last) in enumerate(((1, 0), (1, 2), (-1, 0), (-1, 2))):
        state["W1.weights"][row] = 128 * sign
        state["W1.weights"][row, -1] = last
    assert (state["W1.weights"] @ frames[0, 0].astype(np.int64)).tolist() == [2**17, 2**17 + 2, -2**17, -2**17 + 2]
    assert_same_run(network, state, frames, np.zeros(2, np.int32))


def test_more_than_124_spikes_in_a_step_sum_exactly():
    network = busy(widths=(400, 12), vth=2)
    state = initial_state(network)
    state["W1.weights"][:] = 200
    state["W2.weights"][:6], state["W2.weights"][6:] = -256, 254
    frames = np.full((3, 1, network.input.n), 9, np.uint8)
    result = assert_same_run(network, state, frames, np.zeros(3, np.int32))
    assert result.spikes[0, 0] == 2 * 6 * 400


def test_a_layer_that_never_spikes_gives_the_reference_bits():
    network = busy(vth=131071)
    state = initial_state(network)
    result = assert_same_run(network, state, *data(network, 1))
    assert result.spikes[:, 0].sum() == 0


def test_evaluation_gives_the_reference_predictions_and_changes_nothing():
    network = busy()
    frames, labels = data(network, 6)
    state = initial_state(network)
    train(network, state, frames, labels)
    before = state.copy()
    reference = Reference(network, state.copy())
    for frame in frames:
        reference.sample(frame, -1, learn=False)
    result = evaluate(network, state, frames)
    assert np.array_equal(result.predictions, reference.predictions)
    assert np.array_equal(result.spikes, reference.spikes)
    assert differing(state, before) == []


def test_training_in_pieces_equals_training_at_once():
    network = busy()
    frames, labels = data(network, 1)
    whole, pieces = initial_state(network), initial_state(network)
    train(network, whole, frames, labels)
    for start in range(0, len(frames), 7):
        train(network, pieces, frames[start:start + 7], labels[start:start + 7])
    assert differing(whole, pieces) == []


def test_another_seed_gives_other_weights():
    network = busy()
    frames, labels = data(network, 1)
    states = [initial_state(changed(network, seed=seed)) for seed in (1, 2)]
    for state in states:
        train(network, state, frames, labels)
    assert not np.array_equal(states[0]["W1.weights"], states[1]["W1.weights"])


def test_the_engine_tells_what_the_loop_counts_over_all_its_calls():
    network = busy(widths=(37, 30), vth_upper=60, y_shift=5)
    frames, labels = data(network, 1)
    state = initial_state(network)
    expected = train(network, state, frames, labels)
    with TwinEngine(network, initial_state(network)) as engine:
        assert engine.seen().rail_touches == dict.fromkeys(expected.rail_touches, 0) and engine.seen().largest == {}
        predictions = [engine.train(frames[part], labels[part]) for part in (slice(0, 9), slice(9, 40))]
        seen = engine.seen()
        assert differing(engine.state(), state) == []
    steps, spikes = len(frames) * 2 * network.learning.steps, expected.spikes.sum(axis=0)
    assert np.array_equal(np.concatenate(predictions), expected.predictions)
    assert seen.spike_rates == [n / (steps * layer.n) for n, layer in zip(spikes, network.hidden, strict=True)]
    assert seen.rail_touches == expected.rail_touches and seen.largest == expected.largest


def test_the_state_that_an_engine_starts_from_stays_as_it_is():
    network = busy()
    state = initial_state(network)
    engine = TwinEngine(network, state)
    engine.train(*data(network, 1))
    learned = engine.state()
    learned["W1.weights"][:] = 0
    assert differing(state, initial_state(network)) == []
    assert engine.state()["W1.weights"].any() and learned.n_trained == 40
