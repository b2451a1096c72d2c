"""Every fast case of a synaptic sum or update equals the base case over edges, and the base case equals the oracle."""
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from lava_opzo.arithmetic.fixed import synapses as fixed
from lava_opzo.arithmetic.real import synapses as real
from lava_opzo.engines.oracle import synapses as oracle
from lava_opzo.silicon.profile import PROFILES
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.patches import Patches
from sim_tests.helpers.synapses import WEIGHT, Sliding, rows, topologies, traces, triples

BASE = object
"""The class for which a single-dispatch function has its base case."""

DTYPES = st.sampled_from([np.int32, np.int64])


@st.composite
def cases(draw, leading: bool = False):
    """(topology, weights, s): with `leading`, s has a further axis in front, as the steps of a window have."""
    topology = draw(topologies())
    weights = np.array(draw(rows(int(np.prod(topology.weight_shape)), WEIGHT)), draw(DTYPES)).reshape(topology.weight_shape)
    payload = st.integers(0, 1) | st.integers(0, 15)
    s = np.array(draw(rows(topology.n_pre * (3 if leading else 1), payload)), np.int32)
    return topology, weights, s.reshape(3, -1) if leading else s


@settings(max_examples=120)
@given(cases())
def test_every_received_sum_in_integers_is_the_sum_over_the_edges_and_the_oracles(case):
    topology, weights, s = case
    plain = oracle.received_over_edges(triples(topology), weights.ravel().tolist(), s.tolist(), topology.n_post)
    base, fast = fixed.received.dispatch(BASE)(topology, weights, s), fixed.received(topology, weights, s)
    assert base.tolist() == fast.tolist() == plain
    assert base.dtype == fast.dtype == weights.dtype
    if isinstance(topology, Dense):
        assert plain == oracle.activation(weights.tolist(), s.tolist())


@settings(max_examples=100)
@given(cases(leading=True))
def test_a_received_sum_of_many_steps_at_once_is_that_of_each_step(case):
    topology, weights, s = case
    for numbers in (fixed, real):
        each = [numbers.received(topology, weights, step).tolist() for step in s]
        for received in (numbers.received, numbers.received.dispatch(BASE)):
            assert received(topology, weights, s).tolist() == each


@settings(max_examples=120)
@given(cases())
def test_every_received_and_returned_sum_in_real_numbers_is_the_sum_over_the_edges(case):
    topology, weights, s = case
    edges, flat, delta = triples(topology), weights.ravel().tolist(), np.arange(topology.n_post) - 1.5
    plain = oracle.received_over_edges(edges, flat, s.tolist(), topology.n_post)
    for received in (real.received, real.received.dispatch(BASE)):
        assert received(topology, weights, s).tolist() == plain
    back = oracle.received_over_edges([(post, pre, w) for pre, post, w in edges], flat, delta.tolist(), topology.n_pre)
    for returned in (real.returned, real.returned.dispatch(BASE)):
        assert returned(topology, weights, delta).tolist() == back


@settings(max_examples=120)
@given(cases(), st.data(), st.sampled_from(list(PROFILES.values())))
def test_every_update_in_integers_is_that_of_the_edges_and_the_oracles_in_weights_and_rail_touches(case, data, profile):
    topology, weights, s = case
    y1, y2 = data.draw(traces(topology.n_post))
    rails = profile.weight_min, profile.weight_max
    weights = np.clip(weights, *rails)
    plain = oracle.learned_over_edges(triples(topology), weights.ravel().tolist(), s.tolist(), y1, y2, rails)
    for learned in (fixed.learned, fixed.learned.dispatch(BASE)):
        after = weights.copy()
        touches = learned(topology, after, s, np.array(y1, weights.dtype), np.array(y2, weights.dtype), profile)
        assert (after.ravel().tolist(), touches) == plain
        assert profile.weight_min <= after.min() and after.max() <= profile.weight_max
    if isinstance(topology, Dense):
        matrix, touches = oracle.learning_step(weights.tolist(), s.tolist(), y1, y2, rails)
        assert (sum(matrix, []), touches) == plain


@settings(max_examples=120)
@given(cases(), st.data())
def test_every_update_in_real_numbers_is_that_of_the_edges_without_rails(case, data):
    topology, weights, s = case
    y1, y2 = data.draw(traces(topology.n_post))
    plain, _ = oracle.learned_over_edges(triples(topology), weights.ravel().tolist(), s.tolist(), y1, y2, (-2**40, 2**40))
    for learned in (real.learned, real.learned.dispatch(BASE)):
        after = weights.astype(np.float64)
        learned(topology, after, s, np.array(y1), np.array(y2))
        assert after.ravel().tolist() == plain


@pytest.mark.parametrize("numbers, rails", [(fixed, [PROFILES["loihi-254"]]), (real, [])], ids=["fixed", "real"])
def test_weights_that_are_not_contiguous_learn_in_place(numbers, rails):
    for learned in (numbers.learned, numbers.learned.dispatch(BASE)):
        weights = np.asfortranarray([[8, -6, 4], [2, 0, -2]]).astype(np.int32 if rails else np.float64)
        learned(Dense(3, 2), weights, np.array([1, 0, 1]), np.array([1, 0]), np.array([0, 2]), *rails)
        assert weights.tolist() == [[10, -6, 6], [-2, 0, -6]]


def test_a_shared_weight_learns_from_every_post_neuron_in_raster_order_and_stops_at_its_rail_on_the_way():
    weights, profile = np.array([250, 0]), PROFILES["loihi-254"]
    touches = fixed.learned(Sliding(3, 2), weights, np.array([1, 1, 0]), np.array([10, 0]), np.array([0, 3]), profile)
    assert weights.tolist() == [248, 20] and touches == 1


def test_every_function_over_a_topology_has_no_case_that_is_not_tested_here():
    assert all(set(function.registry) == {object, Dense, Patches} for function in (fixed.received, fixed.learned, real.received,
                                                                                    real.returned))
    assert set(real.learned.registry) == {object, Dense}
