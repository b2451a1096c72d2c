"""The noise signs of many neurons are as independent as chance allows: what the estimate of M rests on."""
import numpy as np
import pytest

from lava_opzo.arithmetic.fixed import noise
from lava_opzo.network.initial import initial_state
from sim_tests.helpers.networks import small_network

NEURONS, SAMPLES = 300, 4096
SIGMA = SAMPLES**-0.5


def signs(seed):
    """(SAMPLES, NEURONS) noise signs from the states that a network of two layers begins with."""
    state = initial_state(small_network(hidden=(NEURONS // 2, NEURONS // 2), seed=seed))
    state = np.concatenate([state["hidden1.z_state"], state["hidden2.z_state"]])
    rows = []
    for _ in range(SAMPLES):
        state = noise.advance(state)
        rows.append(noise.sign(state))
    return np.array(rows, np.float64)


@pytest.fixture(scope="module", params=[1, 2, 3])
def z(request):
    return signs(request.param)


def test_pairwise_correlations_are_as_small_as_chance(z):
    pairs = (z.T @ z / SAMPLES)[np.triu_indices(NEURONS, 1)]
    assert np.abs(pairs).max() < 5.5 * SIGMA
    assert 0.97 * SIGMA < np.sqrt(np.mean(pairs**2)) < 1.03 * SIGMA
    assert abs(pairs.mean()) < 5 * SIGMA / np.sqrt(pairs.size) + SIGMA**2


def test_each_neuron_is_balanced_between_the_signs(z):
    assert np.abs(z.mean(axis=0)).max() < 5 * SIGMA


@pytest.mark.parametrize("lag", [1, 2, 3, 7, 24, 25])
def test_a_sign_tells_nothing_about_the_signs_of_later_samples(z, lag):
    correlations = z[:-lag].T @ z[lag:] / (SAMPLES - lag)
    assert np.abs(np.diag(correlations)).max() < 5 * SIGMA
    assert 0.97 * SIGMA < np.sqrt(np.mean(correlations**2)) < 1.03 * SIGMA


def test_the_sum_over_a_layer_fluctuates_as_that_of_independent_signs(z):
    """Signs that move together would widen the sum, which is what a correlated noise adds to every output."""
    assert 0.9 < np.var(z.sum(axis=1)) / NEURONS < 1.1
