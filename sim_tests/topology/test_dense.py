"""Dense says with its shape, its fan-in and its edges that everything reaches everything through a weight of its own."""
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from lava_opzo.errors import UserError
from lava_opzo.topology.dense import Dense
from sim_tests.helpers.synapses import Sliding, topologies, triples


def test_the_edges_of_two_by_three_neurons_are_these_six_in_raster_order():
    assert triples(Dense(2, 3)) == [(0, 0, 0), (1, 0, 1), (0, 1, 2), (1, 1, 3), (0, 2, 4), (1, 2, 5)]


@settings(max_examples=100)
@given(st.integers(1, 40), st.integers(1, 40))
def test_an_edge_joins_every_pair_through_the_entry_of_the_weights_in_that_row_and_column(n_pre, n_post):
    dense = Dense(n_pre, n_post)
    weights = np.arange(n_post * n_pre).reshape(dense.weight_shape)
    found = {(pre, post): weights.flat[w] for pre, post, w in triples(dense)}
    assert found == {(pre, post): weights[post, pre] for pre in range(n_pre) for post in range(n_post)}


@settings(max_examples=100)
@given(topologies())
def test_what_a_topology_says_of_itself_follows_from_its_edges(topology):
    edges = triples(topology)
    used = [w for _, _, w in edges]
    assert edges == sorted(edges, key=lambda edge: (edge[1], edge[0]))
    assert {post for _, post, _ in edges} == set(range(topology.n_post))
    assert {pre for pre, _, _ in edges} <= set(range(topology.n_pre))
    assert set(used) <= set(range(int(np.prod(topology.weight_shape))))
    assert topology.shared or len(used) == len(set(used))
    assert topology.fan_in >= max(sum(post == one for _, post, _ in edges) for one in range(topology.n_post))
    assert all(array.dtype == np.int32 for array in (topology.edges().pre, topology.edges().post, topology.edges().w))


def test_equal_shapes_are_one_value_so_that_networks_can_be_compared():
    assert Dense(3, 2) == Dense(3, 2) and hash(Dense(3, 2)) == hash(Dense(3, 2)) and Dense(3, 2) != Dense(2, 3)
    assert Sliding(3, 2) != Dense(3, 2)


@pytest.mark.parametrize("n_pre, n_post, name", [(0, 1, "n_pre"), (1, 0, "n_post"), (1 << 17 | 1, 1, "n_pre"),
                                                 (True, 1, "n_pre")])
def test_a_width_that_is_no_number_of_neurons_is_refused_by_name(n_pre, n_post, name):
    with pytest.raises(UserError, match=f"topology dense: {name} "):
        Dense(n_pre, n_post)
