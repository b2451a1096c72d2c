"""Hundreds of classes: every engine clips third factors alike, counts their sizes, and a network learns 26 and 100 classes."""
import numpy as np
import pytest

from lava_opzo.api import evaluate, train, verify
from lava_opzo.engines import largest
from lava_opzo.engines.registry import make, names_with
from lava_opzo.engines.replayable import obstacles
from lava_opzo.experiment.scaling import scaled_network
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.profile import LOIHI_254
from sim_tests.helpers.networks import differing, random_samples, small_network

CLIPPED = {"n_out": 300, "steps": 12, "hidden": (9, 8), "credit": "dfa", "m_sigma": 120.0, "halve_every": 9, "max_halvings": 13}
"""The residual has all its bits and M is large: G is 174,762, and third factors reach twice that."""


def patterns(classes, n, seed):
    """n samples (n, 1, 65) of `classes` random pictures of 64 pixels, each pixel jittered, with a bias line; labels (n,)."""
    pictures = np.random.default_rng(0).integers(0, 16, (classes, 64))
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, n).astype(np.int32)
    frames = np.full((n, 1, 65), 15, np.uint8)
    frames[:, 0, :-1] = np.clip(pictures[labels] + rng.integers(-3, 4, (n, 64)), 0, 15)
    return frames, labels


def test_every_engine_learns_three_hundred_classes_with_clipped_third_factors_in_equal_bits():
    network = small_network(**CLIPPED)
    frames, labels = random_samples(network, 5)
    found = {}
    for name in names_with("fixed", learns=True):
        with make(name, network, initial_state(network)) as engine:
            engine.train(frames, labels)
            found[name] = engine.state(), engine.seen().largest
    state, sizes = found["twin"]
    assert all(differing(other, state) == [] for other, _ in found.values())
    assert found["fast"][1] == found["stock"][1] == sizes
    assert all(sizes[layer.name]["g"] > (2**23 - 1 - 2**22) // 24 for layer in network.hidden), "the clip did not act"
    report = verify(network, initial_state(network), frames, labels, ("oracle", "twin"))
    assert report.differing == 0
    extents = [report.ranges.seen[layer.name, "g"] for layer in network.hidden]
    counted = [max(-(extent.minimum or 0), extent.maximum or 0) for extent in extents]
    assert counted == [sizes[layer.name]["g"] for layer in network.hidden]


def test_sizes_of_third_factors_are_kept_where_they_can_leave_24_bits_and_count_for_replayable_runs():
    assert "g" not in largest.names(small_network(n_out=258))["hidden1"]
    assert largest.names(small_network(n_out=259))["hidden1"] == ("u", "v", "h", "r", "g")
    assert "g" not in largest.names(small_network(n_out=259, credit="backprop"))["hidden1"]
    (found,) = obstacles(LOIHI_254, {"hidden1": {"g": 2**23}}, {"W1": 0}) or []
    assert found == "|g| of hidden1 reached 8388608, its limit is 8388607"
    assert obstacles(LOIHI_254, {"hidden1": {"g": 2**23 - 1}}, {"W1": 0}) == []


@pytest.mark.parametrize("classes, n, epochs", [(26, 2000, 6), (100, 6000, 6)])
def test_many_classes_are_learned(classes, n, epochs):
    frames, labels = patterns(classes, n, 1)
    network = scaled_network(frames, classes, (100,))
    state = train(network, frames, labels, epochs=epochs).state
    unseen, right = patterns(classes, 500, 2)
    assert (evaluate(network, state, unseen) == right).mean() > 0.9
