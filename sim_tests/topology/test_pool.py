"""The geometry of pooling: PyTorch's grouped convolution of ones, in both number systems, and what is no pooling."""
import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from lava_opzo.arithmetic.fixed import synapses as fixed
from lava_opzo.arithmetic.real import synapses as real
from lava_opzo.engines.lava.fixed import arrays
from lava_opzo.engines.oracle.edges import pool_edges
from lava_opzo.engines.oracle.synapses import received_over_edges
from lava_opzo.engines.twin.runs import runs_of
from lava_opzo.errors import UserError
from lava_opzo.topology.matrix import holders, matrix
from lava_opzo.topology.pool import Pool
from sim_tests.helpers.synapses import pools, triples


def in_torch(pool, weight, lines):
    """What the neurons receive, by conv2d with a group for each channel, from messages on all lines."""
    image = torch.tensor(lines[:lines.size - pool.lines].reshape(pool.shape).transpose(2, 0, 1)[None], dtype=torch.float64)
    ones = torch.ones((pool.channels, 1, *pool.kernel), dtype=torch.float64)
    sums = torch.nn.functional.conv2d(image, ones, stride=pool.stride, padding=pool.padding, groups=pool.channels)[0]
    return (weight * sums.numpy().transpose(1, 2, 0)).ravel().astype(int).tolist()


@settings(max_examples=150)
@given(pools(), st.integers(0, 1 << 30), st.integers(1, 127))
def test_every_form_of_the_sums_is_pytorchs_grouped_convolution_of_ones(pool, seed, sigma):
    lines, weights = np.random.default_rng(seed).integers(0, 16, pool.n_pre), np.array([[2 * sigma]])
    expected = in_torch(pool, 2 * sigma, lines)
    assert len(expected) == pool.n_post
    assert fixed.received(pool, weights, lines).tolist() == expected
    assert fixed.received(pool, weights, np.stack([lines, 0 * lines])).tolist() == [expected, [0] * len(expected)]
    assert real.received(pool, weights.astype(float), lines).tolist() == expected
    edges = pool_edges(pool.shape, pool.kernel, pool.stride, pool.padding)
    assert edges == triples(pool) and received_over_edges(edges, [2 * sigma], lines.tolist(), pool.n_post) == expected
    assert (matrix(pool, weights) @ lines).tolist() == expected
    (kernels,) = arrays(pool, weights)
    assert kernels.shape == (pool.channels, *pool.kernel, 1) and (kernels == 2 * sigma).all()


@settings(max_examples=60)
@given(pools())
def test_the_runs_are_the_edges_and_one_of_them_holds_the_weight(pool):
    runs, found = runs_of(pool), []
    for pre in range(pool.n_pre):
        for r in range(runs.first[pre], runs.first[pre + 1]):
            found += [(pre, int(runs.post[r] + i), int(runs.weight[r] + i)) for i in range(runs.length[r])]
    assert sorted(found) == sorted(triples(pool)) and runs.order.tolist() == [0]
    post, pre = holders(pool)
    assert post.shape == pre.shape == (1, 1) and (pre.item(), post.item(), 0) == triples(pool)[0]


def test_windows_lie_side_by_side_unless_a_stride_is_given_and_equal_ones_are_one_value():
    assert Pool((6, 6, 3), 3, (2, 3)).stride == (2, 3) and Pool((6, 6, 3), 3, (2, 3)).out_shape == (3, 2, 3)
    assert Pool((6, 6, 3), 3, (2, 3)) == Pool((6, 6, 3), 3, (2, 3), (2, 3)) != Pool((6, 6, 3), 3, (2, 3), (1, 3))
    assert (Pool((6, 6, 3), 3, (2, 3)).fan_in, Pool((6, 6, 3), 3, (2, 3)).weight_shape) == (6, (1, 1))


@pytest.mark.parametrize("fields, reason", [
    ({"channels": 3}, "channels 3 are not the 2 of the image below, each of which is pooled by itself; set channels = 2"),
    ({"lines": 1, "bias": True}, "bias is true, but no bias line reaches a pooling layer; set bias = false"),
    ({"kernel": (5, 1)}, "kernel 5 is above the 4 rows"), ({"stride": (0, 1)}, "stride 0"), ({"padding": (2, 0)}, "padding 2")])
def test_what_is_no_pooling_is_refused_by_name(fields, reason):
    with pytest.raises(UserError, match=f"topology pool: .*{reason}"):
        Pool(**{"shape": (4, 4, 2), "channels": 2, "kernel": (2, 2), **fields})
