"""The geometry of local and shared weights: what PyTorch's convolution computes, and what is no geometry."""
import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from lava_opzo.arithmetic.fixed.synapses import received
from lava_opzo.engines.oracle.edges import patch_edges
from lava_opzo.errors import UserError
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.local import Local
from sim_tests.helpers.synapses import patches, triples


@settings(max_examples=200)
@given(patches())
def test_the_edges_are_those_that_the_oracle_counts_by_itself(topology):
    assert triples(topology) == patch_edges(topology.shape, topology.channels, topology.kernel, topology.stride, topology.padding,
                                            topology.bias, topology.shared)


@settings(max_examples=60)
@given(patches(), st.integers(0, 1 << 30))
def test_shared_weights_are_pytorchs_convolution_and_local_ones_with_equal_kernels_too(topology, seed):
    rng, depth = np.random.default_rng(seed), topology.shape[2]
    conv = Conv(topology.shape, topology.channels, topology.kernel, topology.stride, topology.padding)
    weights, image = rng.integers(-9, 10, conv.weight_shape), rng.integers(0, 16, topology.shape)
    kernel = torch.tensor(weights.reshape(conv.channels, *conv.kernel, depth).transpose(0, 3, 1, 2), dtype=torch.float64)
    expected = torch.nn.functional.conv2d(torch.tensor(image.transpose(2, 0, 1)[None], dtype=torch.float64), kernel,
                                          stride=conv.stride, padding=conv.padding)[0].numpy().transpose(1, 2, 0)
    assert expected.shape == conv.out_shape
    assert received(conv, weights, image.ravel()).tolist() == expected.astype(int).ravel().tolist()
    local = conv.unrolled()
    assert isinstance(local, Local) and received(local, weights.ravel()[conv.edges().w], image.ravel()).tolist() == \
        expected.astype(int).ravel().tolist()


def test_equal_geometries_are_one_value_and_kinds_are_told_apart():
    first, second = Conv((4, 4, 1), 2, (3, 3)), Conv((4, 4, 1), 2, (3, 3))
    assert first == second and hash(first) == hash(second) and first != first.unrolled()


@pytest.mark.parametrize("fields, reason", [
    ({"shape": (4, 4)}, r"shape \(4, 4\) has 2 numbers"), ({"shape": (4, 0, 1)}, "shape 0"), ({"channels": 0}, "channels 0"),
    ({"kernel": (5, 1)}, "kernel 5 is above the 4 rows"), ({"stride": (1, 0)}, "stride 0"),
    ({"padding": (3, 0)}, "padding 3 of the rows"), ({"lines": 2}, "lines 2"),
    ({"bias": True}, "no line follows"), ({"channels": 100000}, "n_post"),
    ({"shape": (300, 400, 1), "kernel": (100, 100)}, "edges"), ({"shape": (True, 4, 1)}, "shape True")])
def test_what_is_no_geometry_is_refused_by_name(fields, reason):
    with pytest.raises(UserError, match=f"topology conv: .*{reason}"):
        Conv(**{"shape": (4, 4, 1), "channels": 2, "kernel": (3, 3), **fields})
