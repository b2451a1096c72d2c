"""Image layers of a command line: the topologies they become, what their thresholds follow, and networks that a file holds."""
import numpy as np
import pytest

from lava_opzo.errors import UserError
from lava_opzo.experiment.choose import choose
from lava_opzo.experiment.experiment import dumps, loads
from lava_opzo.experiment.image_scaling import KINDS, image_network, patch_spread
from lava_opzo.experiment.layers import parse_layers, wired
from lava_opzo.network.initial import initial_state
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.local import Local
from lava_opzo.topology.pool import Pool


def test_layers_follow_each_other_and_only_local_ones_reach_the_bias_line():
    assert wired(parse_layers("8c5s2,16l3p0,30"), (28, 28, 1), 785, 10) == (
        Conv((28, 28, 1), 8, (5, 5), (2, 2), (2, 2), 1, False), Local((14, 14, 8), 16, (3, 3)), Dense(12 * 12 * 16, 30),
        Dense(30, 10))
    assert wired(parse_layers("4l3"), (6, 5, 2), 61, 3)[0] == Local((6, 5, 2), 4, (3, 3), (1, 1), (1, 1), 1, True)
    assert wired(parse_layers("4l3"), (6, 5, 2), 60, 3)[0] == Local((6, 5, 2), 4, (3, 3), (1, 1), (1, 1))


def test_pooling_has_the_channels_below_and_windows_side_by_side_without_padding_unless_it_says_otherwise():
    assert wired(parse_layers("8c5,p2,16l3,p3s2p1"), (28, 28, 1), 785, 10)[1::2] == (
        Pool((28, 28, 8), 8, (2, 2)), Pool((14, 14, 16), 16, (3, 3), (2, 2), (1, 1)))
    assert wired(parse_layers("p2,p2s1"), (6, 5, 2), 61, 3) == (
        Pool((6, 5, 2), 2, (2, 2), lines=1), Pool((3, 2, 2), 2, (2, 2), (1, 1)), Dense(4, 3))


def test_a_pooling_layer_of_the_recipe_is_frozen_without_noise_and_spikes_after_the_arrivals_of_its_share():
    network = choose("digits", None, "p2,6c3,p2s1,20")[0].network
    first, _, second, _ = network.hidden
    assert (first.frozen, first.bias_mant, second.frozen, second.bias_mant) == (True, 0, True, 0)
    weight = initial_state(network)["W1.weights"].item()
    share = KINDS["pool"].threshold
    assert first.vth == weight * round(4 * 2 * share) - weight // 2, "a payload of 15 is at most 2 in one of eight steps"
    assert second.vth == weight * round(4 * share) - weight // 2
    assert network.learning_connections == {"W2", "W4", "W5", "M2", "M4"}
    plain = choose("digits", None, "6c3,20")[0].network
    assert network.readout == plain.readout


@pytest.mark.parametrize("text, shape, reason", [
    ("30,6c3", (8, 8, 1), "'6c3' needs an image of rows, columns and channels, which the layer below it is not"),
    ("6c3", None, "which the data set is not"), ("20,p2", (8, 8, 1), "'p2' needs an image"),
    ("p2", None, "which the data set is not"), ("p9", (8, 8, 1), "kernel 9 is above the 8 rows"),
    ("6c9p0", (8, 8, 1), "kernel 9 is above the 8 rows")])
def test_an_image_layer_without_an_image_below_it_is_refused_in_one_line(text, shape, reason):
    with pytest.raises(UserError, match=reason) as error:
        wired(parse_layers(text), shape, 65, 10)
    assert "\n" not in str(error.value)


def test_the_spread_of_a_patch_is_what_its_neurons_receive_in_one_step_at_the_root_mean_square():
    frames = np.zeros((2, 1, 10), np.uint8)
    frames[0, 0, :9] = 3
    frames[:, 0, 9] = 15
    conv = Conv((3, 3, 1), 1, (3, 3), lines=1)
    assert patch_spread(conv, frames, 8, False) == (9 * 9 / 2) ** 0.5
    assert patch_spread(Dense(10, 4), frames, 8, False) == (9 * 9 / 2 + 225) ** 0.5
    assert patch_spread(conv, frames, 8, True) == max(1.0, (9 * (3 / 8) / 2) ** 0.5)


@pytest.mark.parametrize("word, channels, centred, y_shift, x_shift, readout", [
    ("32c9s2", 1, False, 14, (5, 4), (9, 5, 11)), ("16c7s2", 1, False, 14, (5, 4), (9, 5, 11)),
    ("8l9s2", 1, False, 17, (4, 4), (8, 5, 12)), ("8l9s2", 2, True, 17, (4, 4), (8, 5, 12)),
    ("32c5s2", 6, True, 16, (4, 3), (9, 6, 13)), ("96c5s2", 6, True, 16, (4, 3), (11, 6, 13)),
    ("32c5s2,100", 6, True, 16, (4, 3, 3), (6, 9, 12))])
def test_the_scales_of_the_recipe_are_those_that_the_results_name(word, channels, centred, y_shift, x_shift, readout):
    frames = np.zeros((3, 1, 28 * 28 * channels + 1), np.uint8)
    network = image_network(frames, (28, 28, channels), 10, parse_layers(word), centred=centred)
    made = network.readout
    assert (network.hidden[0].y_shift, (made.error_shift, made.y_shift, made.d_shift)) == (y_shift, readout)
    assert tuple(connection.x_shift for connection in network.forward) == x_shift
    assert network.input.opposed == (channels // 2 if centred else 0)
    assert network.forward[0].sum_shift == (0 if word[1] == "l" else 8 if centred else 6)
    assert network.learning.max_halvings == (5 if word in ("32c5s2", "96c5s2") else 4)


@pytest.mark.parametrize("hidden", ["6c3s2", "6l3s2,30", "4c3,6l3s2,20", "6c3,p2,20", "p2,20", "4l3,p3s2p1"])
def test_a_network_with_image_layers_stands_in_a_file_and_is_read_again(hidden):
    experiment, dataset = choose("digits", None, hidden)
    assert dataset.shape == (8, 8, 1)
    assert loads(dumps(experiment)) == experiment and loads(dumps(experiment)).hash == experiment.hash
