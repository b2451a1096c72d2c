"""A run is called replayable only if nothing that it did depends on what chips are not known to do alike."""
import pytest

from lava_opzo.engines.registry import make
from lava_opzo.engines.replayable import obstacles, verdict
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.profile import LOIHI_254, STOCK_LAVA
from sim_tests.helpers.networks import random_samples, small_network

FINE = {"hidden1": {"u": 32767 << 6, "v": 2**23 - 2, "h": 2**23 - 1, "r": 2**23 - 1}, "readout": {"o": 2**23 - 1, "d": 2**23 - 1}}
"""The largest sizes that just fit."""


def with_size(layer, name, value):
    return {**FINE, layer: {**FINE[layer], name: value}}


def test_sizes_that_just_fit_are_no_obstacle():
    assert obstacles(LOIHI_254, FINE, {"W1": 0}) == obstacles(STOCK_LAVA, FINE, {"W1": 0}) == []


@pytest.mark.parametrize("layer, name, value, words", [
    ("hidden1", "u", 32768 << 6, "|a| of hidden1 reached 32768, 16 bits hold 32767"),
    ("hidden1", "v", 2**23 - 1, "|v| of hidden1 reached 8388607, its limit is 8388606"),
    ("hidden1", "h", 2**23, "|h| of hidden1 reached 8388608"), ("hidden1", "r", 2**23, "|r| of hidden1"),
    ("readout", "o", 2**23, "|o| of readout"), ("readout", "d", 2**23, "|d| of readout"),
], ids=lambda value: str(value))
def test_one_more_is_an_obstacle_with_its_name(layer, name, value, words):
    (found,) = obstacles(LOIHI_254, with_size(layer, name, value), {"W1": 0})
    assert words in found


def test_a_touch_of_a_rail_is_one_only_where_no_chip_has_that_rail():
    assert obstacles(LOIHI_254, FINE, {"W1": 3}) == []
    (found,) = obstacles(STOCK_LAVA, FINE, {"W1": 3, "M1": 2})
    assert found.startswith("5 rail touches") and "stock-lava" in found


@pytest.mark.parametrize("sizes, touches", [(None, {"W1": 0}), (FINE, None)])
def test_what_was_not_counted_is_not_judged(sizes, touches):
    assert obstacles(LOIHI_254, sizes, touches) is None and verdict("x", None).endswith("not counted")


def test_the_verdict_is_one_line_with_every_reason():
    assert verdict("loihi-254", []) == "replayable on a board: yes, every value stayed in the ranges of profile 'loihi-254'"
    assert verdict("x", ["a", "b"]).startswith("replayable on a board: no, a; b (")


def test_currents_beyond_their_width_show_in_a_run():
    network = small_network(n_in=60, hidden=(6, 5), profile=LOIHI_254)
    state = initial_state(network)
    state["W1.weights"][:] = 254
    with make("twin", network, state) as engine:
        engine.train(*random_samples(network, 3))
        seen = engine.seen()
    found = obstacles(network.profile, seen.largest, seen.rail_touches)
    assert found and found[0].startswith("|a| of hidden1 reached ")
