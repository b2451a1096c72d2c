"""The weight updates of lava_opzo.arithmetic.fixed equal stock Lava's LearningDense with the rule in form A, without a runtime.

Stock Lava saturates its accumulator at 255 + 127/128 after every product and rounds stochastically at the end, so the two
agree as long as one product at most acts on a synapse in a step: y1 and y2 are never both non-zero, and no row decays while its
columns spike.
"""
import numpy as np
import pytest

from lava_opzo.arithmetic.fixed.synapses import learned
from lava_opzo.arithmetic.fixed.weights import decay
from lava_opzo.silicon.profile import STOCK_LAVA
from lava_opzo.topology.dense import Dense
from sim_tests.helpers.lava_parts import FEEDBACK_RULE, FORWARD_RULE, learning_step, stock_learning_dense

N_POST, N_PRE = 12, 17
DENSE = Dense(N_PRE, N_POST)


def even_weights(rng, rails):
    """Initial weights; every second one next to a rail if `rails`."""
    shape = (N_POST, N_PRE)
    edge = rng.choice([-256, -254, -252, -2, 0, 2, 252, 254], shape)
    return np.where(rng.random(shape) < (0.5 if rails else 0), edge, 2 * rng.integers(-60, 61, shape)).astype(np.int32)


def exclusive(rng, limit):
    """(y1, y2), a third of them 0, a third at their limit, at most one of a pair non-zero."""
    y = rng.choice([0, 1, -1, limit, -limit, *rng.integers(-limit, limit + 1, 5)], N_POST).astype(np.int32)
    return np.maximum(-y, 0), np.maximum(y, 0)


def spikes(rng):
    """Payloads 0..15: only whether one is zero may matter to learning."""
    return (rng.integers(1, 16, N_PRE) * (rng.random(N_PRE) < 0.5)).astype(np.int32)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("rails", [False, True])
def test_the_forward_rule_gives_the_bits_of_stock_lava(seed, rails):
    rng = np.random.default_rng([seed, rails])
    weights = even_weights(rng, rails)
    model, none = stock_learning_dense(weights.copy(), FORWARD_RULE), np.zeros(N_POST, np.int32)
    odd = 0
    for _ in range(40):
        x0, (y1, y2) = spikes(rng), exclusive(rng, 127)
        learning_step(model, x0, y1, y2, none)
        learned(DENSE, weights, x0, y1, y2, STOCK_LAVA)
        assert np.array_equal(model.weights, weights)
        odd += np.count_nonzero(weights & 1)
    assert odd > 0 and weights.max() == 255 and weights.min() == -256


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("k", range(1, 8))
def test_every_exponent_gives_the_bits_of_stock_lava_while_an_addition_fits_eight_bits(seed, k):
    rng = np.random.default_rng([seed, k])
    weights = even_weights(rng, rails=True)
    model, none = stock_learning_dense(weights.copy(), FORWARD_RULE, k), np.zeros(N_POST, np.int32)
    for _ in range(30):
        x0, (y1, y2) = spikes(rng), exclusive(rng, min(127, 255 >> k))
        learning_step(model, x0, y1, y2, none)
        learned(DENSE, weights, x0, y1 << (k - 1), y2 << (k - 1), STOCK_LAVA)
        assert np.array_equal(model.weights, weights)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("rails", [False, True])
def test_the_feedback_rule_with_its_decay_gives_the_bits_of_stock_lava(seed, rails):
    """Steps with spikes and y1 or y2 alternate at random with steps in which rows decay, y1 and y2 at any value."""
    rng = np.random.default_rng([seed, rails, 3])
    weights = even_weights(rng, rails)
    model, none = stock_learning_dense(weights.copy(), FEEDBACK_RULE), np.zeros(N_POST, np.int32)
    for _ in range(60):
        y1, y2 = exclusive(rng, 4 if rng.random() < 0.7 else 127)
        if rng.random() < 0.5:
            x0 = spikes(rng)
            learning_step(model, x0, y1, y2, none)
            learned(DENSE, weights, x0, y1, y2, STOCK_LAVA)
        else:
            y3 = rng.choice([0, 32], N_POST).astype(np.int32)
            learning_step(model, np.zeros(N_PRE, np.int32), y1, y2, y3)
            decay(weights, y3, STOCK_LAVA)
        assert np.array_equal(model.weights, weights)


@pytest.mark.parametrize("start", [255, 254, 253, 3, 2, 1, -1, -2, -3, -254, -255, -256])
def test_decay_alone_gives_the_bits_of_stock_lava_from_odd_weights_and_rails(start):
    weights = np.full((N_POST, N_PRE), start, np.int32)
    model = stock_learning_dense(weights.copy(), FEEDBACK_RULE)
    model.weights_set = True
    none, rows = np.zeros(N_POST, np.int32), np.arange(N_POST, dtype=np.int32) % 2
    for _ in range(140):
        learning_step(model, np.zeros(N_PRE, np.int32), none, none, 32 * rows)
        decay(weights, rows, STOCK_LAVA)
        assert np.array_equal(model.weights, weights)


def test_two_products_at_once_agree_away_from_the_rails_only():
    """Why the schedule never lets two products act on a synapse in one step."""
    ones = np.ones(N_PRE, np.int32)
    y1, y2, y3 = np.full(N_POST, 30, np.int32), np.full(N_POST, 20, np.int32), np.full(N_POST, 32, np.int32)
    model = stock_learning_dense(np.full((N_POST, N_PRE), 100, np.int32), FEEDBACK_RULE)
    learning_step(model, ones, y1, y2, y3)
    assert np.all(model.weights == 100 + 60 - 40 - 2)
    model = stock_learning_dense(np.full((N_POST, N_PRE), 250, np.int32), FEEDBACK_RULE)
    learning_step(model, ones, y1, y2, 0 * y3)
    assert np.all(model.weights != 255 - 40)


def test_stock_lava_truncates_odd_weights_when_a_network_starts():
    """A saved weight that is odd, as one that has touched +255 is, does not survive a restart in stock Lava."""
    model = stock_learning_dense(np.full((N_POST, N_PRE), 253, np.int32), FORWARD_RULE)
    none = np.zeros(N_POST, np.int32)
    learning_step(model, np.zeros(N_PRE, np.int32), none, none, none)
    assert np.all(model.weights == 252)
