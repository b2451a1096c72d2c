"""Shared weights whose changes are added up over all positions: the formula, the bits of every engine, and what is refused."""
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from lava_opzo.arithmetic.fixed.synapses import summed
from lava_opzo.engines.oracle.synapses import summed_over_edges
from lava_opzo.engines.registry import make
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training, dumps, loads
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.runs import checkpoint
from lava_opzo.silicon.profile import LOIHI_254
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.local import Local
from lava_opzo.verification.lockstep import verify
from sim_tests.helpers.networks import by_step, differing, random_samples
from sim_tests.helpers.patches import at_the_rails, patches_network, summing
from sim_tests.helpers.synapses import triples

STRIP = Conv((1, 3, 1), 1, (1, 2), sum_shift=2)
"""Three pixels, two positions, two weights."""


def learned(name, network, state, number="fixed", n=6):
    """(state, predictions made on the way, rail touches) of an engine."""
    frames, labels = random_samples(network, n)
    with make(name, network, state, number) as engine:
        predictions = engine.train(frames, labels)
        return engine.state(), predictions.tolist(), engine.seen().rail_touches


def test_a_person_who_adds_up_the_changes_of_two_positions_gets_these_weights():
    weights, residual = np.array([[10, 252]], np.int32), np.array([[3, 1]], np.int32)
    touches = summed(STRIP, weights, residual, np.array([1, 1, 0]), np.array([6, 0]), np.array([0, 1]), LOIHI_254)
    # weight 0: pixels 0 and 1 are there, 6 - 1 = 5, 3 + 5 = 8, q = 2, rest 0; weight 1: pixel 1 alone, 6, 1 + 6 = 7, q = 1
    assert (weights.tolist(), residual.tolist(), touches) == ([[14, 254]], [[0, 3]], 1)


@settings(max_examples=200)
@given(st.integers(1, 22), st.integers(0, 2**32), st.sampled_from([1, 9, 127]))
def test_every_sum_is_that_of_the_edges_of_the_oracle(shift, seed, largest):
    rng, topology = np.random.default_rng(seed), Conv((4, 3, 2), 3, (2, 2), (1, 1), (1, 0), 1, True, sum_shift=shift)
    weights = 2 * rng.integers(-128, 128, topology.weight_shape).astype(np.int32)
    residual = rng.integers(0, 1 << shift, topology.weight_shape, dtype=np.int32)
    x0, y = rng.integers(0, 2, topology.n_pre), rng.integers(-largest, largest, topology.n_post, endpoint=True)
    plain = summed_over_edges(triples(topology), weights.ravel().tolist(), residual.ravel().tolist(), x0.tolist(), y.tolist(),
                              shift, (-256, 254))
    touches = summed(topology, weights, residual, x0, np.maximum(-y, 0), np.maximum(y, 0), LOIHI_254)
    assert (weights.ravel().tolist(), residual.ravel().tolist(), touches) == plain
    assert residual.min() >= 0 and residual.max() < 1 << shift


def test_every_variable_of_every_step_is_equal_in_the_engines_that_record_and_rails_are_met():
    network = summing(patches_network(Conv, Conv, profile=LOIHI_254), 1, 2)
    state = at_the_rails(network)
    report = verify(network, state, *random_samples(network, 3), ("oracle", "twin", "fast"))
    assert report.differing == 0 and ("W1", "residual") in report.comparisons[0].values
    after, _, touches = learned("twin", network, state, n=12)
    assert {"W1.weights", "W1.residual", "W2.weights", "W2.residual"} <= set(differing(after, state))
    assert all(touches[name] for name in ("W1", "W2"))


def test_weights_that_learn_in_every_step_add_changes_up_with_equal_bits():
    network = summing(patches_network(Conv, Local), 2)
    network = by_step(changed(network, learning=replace(network.learning, windows=1)), 1)
    state, (frames, labels) = at_the_rails(network), random_samples(network, 3, rows=network.learning.steps)
    assert verify(network, state, frames, labels, ("oracle", "twin", "fast")).differing == 0


@pytest.mark.parametrize("first, second, shifts", [(Conv, Local, (2,)), (Conv, Conv, (0, 3)), (Local, Conv, (1,))],
                         ids=["a local layer above", "raster order below", "a local layer below"])
def test_fast_lava_and_learning_in_the_loop_leave_the_state_predictions_and_touches_of_the_twin(first, second, shifts):
    network = summing(patches_network(first, second), *shifts)
    state = initial_state(network)
    twin, answers, touches = learned("twin", network, state)
    for name in ("in-the-loop", "fast"):
        found, predictions, touched = learned(name, network, state)
        assert differing(found, twin) == [] and predictions == answers and touched == touches
    raster = patches_network(first, second)
    other, *_ = learned("twin", raster, initial_state(raster))
    assert any(not np.array_equal(twin[one.weights], other[one.weights]) for one in network.summing), "as in raster order"


def test_real_numbers_take_the_shift_as_a_factor_and_agree_in_lava_and_the_twin():
    network = summing(patches_network(Conv, Local), 2)
    twin, *_ = learned("twin", network, initial_state(network), "real", n=3)
    found, *_ = learned("fast", network, initial_state(network), "real", n=3)
    assert all(np.allclose(found[key], twin[key], rtol=1e-9, atol=1e-9) for key in twin.arrays)
    raster = patches_network(Conv, Local)
    start, begun = initial_state(raster), initial_state(network)
    for state in (start, begun):
        state.arrays["M1.weights"][:] = 8  # so that the first sample teaches
    other, *_ = learned("twin", raster, start, "real", n=1)
    once, *_ = learned("twin", network, begun, "real", n=1)
    moved, whole = once["W1.weights"] - start["W1.weights"], other["W1.weights"] - start["W1.weights"]
    assert np.allclose(4 * moved, whole, rtol=1e-12, atol=1e-12) and whole.any()


def test_a_frozen_layer_keeps_what_its_sums_left():
    network = summing(patches_network(Conv, Conv), 2, 2)
    network = changed(network, hidden=(replace(network.hidden[0], frozen=True), network.hidden[1]))
    state = initial_state(network)
    state.arrays["W1.residual"][:] = 3
    after, *_ = learned("twin", network, state)
    assert not {"W1.weights", "W1.residual"} & set(differing(after, state)) and "W2.residual" in differing(after, state)


def test_a_file_names_a_shift_that_is_not_0_alone_and_a_checkpoint_keeps_what_was_left(tmp_path):
    network = summing(patches_network(Conv, Local), 2)
    experiment = Experiment(Data("npz", "samples.npz"), network, Training(2))
    assert "sum_shift = 2" in dumps(experiment) and loads(dumps(experiment)) == experiment
    assert "sum_shift" not in dumps(replace(experiment, network=summing(network, 0)))
    after, *_ = learned("twin", network, initial_state(network))
    checkpoint.save(tmp_path / "c", experiment, after)
    assert differing(checkpoint.load(tmp_path / "c")[1], after) == []
    after.arrays["W1.residual"][0, 0] = 4
    with pytest.raises(UserError, match=r"W1.residual: value 4 of weight \(0, 0\) is outside 0\.\.3"):
        checkpoint.save(tmp_path / "c", experiment, after)


def test_a_shift_out_of_range_is_refused():
    with pytest.raises(UserError, match="topology conv: sum_shift 23 is outside 0..22"):
        replace(STRIP, sum_shift=23)
