"""The oracle's activation equals what stock Lava's Dense and LearningDense accumulate and send one step later."""
import numpy as np
import pytest

from lava_opzo.engines.oracle import synapses
from sim_tests.helpers.lava_parts import FORWARD_RULE, learning_step, stock_dense, stock_learning_dense

PAYLOAD_MAX, ERROR_MAX = 15, 127

DENSE = {"edges": None, "sum_shift": 0}
"""A layer whose weights are all to all, as the oracle has it."""


def mixed_weights(rng, shape):
    """Even weights of both signs, next to the rails in every fourth entry."""
    weights = 2 * rng.integers(-127, 128, shape)
    return np.where(rng.random(shape) < 0.25, rng.choice([-256, -254, 254, 252, 0], shape), weights).astype(np.int32)


@pytest.mark.parametrize("largest", [1, PAYLOAD_MAX, ERROR_MAX])
def test_activation_of_graded_spikes_equals_stock_dense_one_step_later(largest):
    rng = np.random.default_rng(largest)
    weights = mixed_weights(rng, (9, 31))
    model, previous = stock_dense(weights, num_message_bits=8), [0] * 9
    for _ in range(30):
        s = rng.choice([0, 0, 1, largest, *range(largest)], 31).astype(np.int32)
        model.s_in.data = s
        model.run_spk()
        assert model.a_out.data.tolist() == previous
        previous = synapses.activation(weights.tolist(), s.tolist())


def test_activation_of_binary_spikes_equals_stock_dense_one_step_later():
    rng = np.random.default_rng(0)
    weights = mixed_weights(rng, (9, 31))
    model, previous = stock_dense(weights, num_message_bits=0), [0] * 9
    for _ in range(30):
        s = rng.integers(0, 2, 31).astype(np.int32)
        model.s_in.data = s
        model.run_spk()
        assert model.a_out.data.tolist() == previous
        previous = synapses.activation(weights.tolist(), s.tolist())


@pytest.mark.parametrize("extreme", [-256, 254])
def test_the_widest_layer_at_the_largest_payload_overflows_nothing_in_stock_dense(extreme):
    weights = np.full((2, 8192), extreme, np.int32)
    weights[1, 0] = -extreme if extreme > 0 else 254
    model = stock_dense(weights, num_message_bits=8)
    model.s_in.data = s = np.full(8192, PAYLOAD_MAX, np.int32)
    model.run_spk()
    assert model.a_buff.tolist() == synapses.activation(weights.tolist(), s.tolist())


@pytest.mark.parametrize("seed", range(5))
def test_activation_uses_the_weights_before_the_update_of_the_same_step(seed):
    rng = np.random.default_rng([seed, 9])
    weights = mixed_weights(rng, (6, 10)).tolist()
    model, none, previous = stock_learning_dense(np.array(weights), FORWARD_RULE), np.zeros(6, np.int32), [0] * 6
    for _ in range(30):
        s = rng.integers(0, 16, 10).astype(np.int32)
        y = rng.integers(-30, 31, 6).astype(np.int32)
        learning_step(model, s, np.maximum(-y, 0), np.maximum(y, 0), none)
        assert model.a_out.data.tolist() == previous
        previous = synapses.activation(weights, s.tolist())
        weights, _, _ = synapses.update_rank(DENSE, weights, [], s.tolist(), y.tolist(), rank=1, rails=(-256, 255))
        assert model.weights.tolist() == weights
