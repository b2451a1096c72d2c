"""Presets fit their data, and widths choose the recipe that their depth and their number of samples need."""
import hashlib
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.data.binning import Encoding
from lava_opzo.data.pixels import said
from lava_opzo.experiment.choose import choose, coarse
from lava_opzo.experiment.credit_kinds import KINDS, assigned
from lava_opzo.experiment.experiment import Data
from lava_opzo.experiment.image_scaling import COARSE, KINDS as KINDS_OF_IMAGES
from lava_opzo.experiment.presets import COMPARED, PRESETS
from lava_opzo.experiment.scaling import (
    CENTRED,
    COARSE_BITS,
    CONTRASTED,
    DEEP,
    EPOCHS,
    FEW,
    LONG,
    MANY,
    MOVED,
    MOVED_NARROW,
    ONE_LAYER,
    SHORT,
    V_FLOOR,
    Plan,
    network,
    of_coarse,
    plan,
    scaled_network,
)
from lava_opzo.network.initial import initial_state
from lava_opzo.network.widths import check_shifts
from lava_opzo.silicon.profile import LOIHI_254
from sim_tests.helpers.idx_files import idx
from sim_tests.helpers.nmnist_files import write_nmnist

WIDTHS = (200, 150, 100)

OLD = {
    ("digits", "opzo"): "013a7b45284ee578", ("digits", "one-window"): "4a147b91775e8768",
    ("digits", "dfa"): "d6cdc2986cb98e17", ("digits", "backprop"): "1d0c29716e906142",
    ("digits", "single-point"): "9aa1dbd6a4e7c00a",
    ("nmnist", "opzo"): "d5aa05ae95003d7f", ("nmnist", "one-window"): "f3822a617b526091",
    ("nmnist", "dfa"): "7ece2b2af459702d", ("nmnist", "backprop"): "7a8fd55ea3fe5063",
    ("nmnist", "single-point"): "936cd2bec44ef224",
}
"""sha256 of constants and initial arrays of presets of version 0.1, by data set and kind of credit. mnist is another one now, and
kinds of credit are compared on this one of nmnist."""


def constants(network):
    """Every number that decides what a network does, in an order of its own."""
    learning, credit = network.learning, network.learning.credit
    layers = [(layer.n, layer.vth, layer.bias_mant, layer.bias_exp, layer.psi_width, layer.y_shift, layer.dv)
              for layer in network.hidden]
    readout = network.readout
    forward = [(connection.sigma, connection.x_shift) for connection in network.forward]
    return [network.input.n, layers, (readout.n, readout.error_shift, readout.y_shift, readout.d_shift), forward, learning.steps,
            learning.windows, learning.eligibility.x_max, credit.kind, credit.d_bits, credit.decay_period, credit.m_sigma,
            learning.halve_every, learning.max_halvings, network.seed]


@pytest.mark.parametrize("name, kind", OLD)
def test_presets_under_every_kind_of_credit_are_the_networks_of_version_0_1(name, kind):
    made = assigned(COMPARED[name](), kind).network
    state, digest = initial_state(made), hashlib.sha256(repr(constants(made)).encode())
    for part in (*made.forward, *made.feedback):
        digest.update(state[part.weights].tobytes())
    for layer in made.hidden:
        digest.update(state[f"{layer.name}.z_state"].tobytes())
    assert digest.hexdigest()[:16] == OLD[name, kind]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_given_every_kind_of_credit(name, kind):
    assert assigned(PRESETS[name](), kind).network.widths == PRESETS[name]().network.widths


@pytest.mark.parametrize("name", ["mnist", "nmnist"])
def test_presets_that_touch_rails_have_those_of_a_chip_and_membranes_with_a_floor(name):
    made = PRESETS[name]().network
    assert made.profile == LOIHI_254 and all(layer.v_floor == V_FLOOR for layer in made.hidden)


@pytest.mark.parametrize("recipe", [SHORT, LONG, ONE_LAYER, CENTRED], ids=["short", "long", "one layer", "centred"])
def test_every_recipe_makes_networks_for_a_chip_whose_membranes_have_a_floor(recipe):
    made = network(785, (200,), 10, recipe=recipe)
    assert made.profile == LOIHI_254 and made.hidden[0].v_floor == V_FLOOR and made.input.spread == recipe.spread
    assert made.input.stagger == 5 * recipe.staggered


def test_the_nmnist_preset_has_a_line_for_every_bin_of_its_encoding_and_the_bias():
    preset = PRESETS["nmnist"]()
    frames, lines = Encoding("nmnist", 34, preset.network.learning.steps, **preset.data.options).shape
    assert frames == 1 and preset.network.input.n == lines + 1 == 3 * 2 * 17 * 17 + 1


@pytest.mark.parametrize("hidden, readout, max_halvings", [
    ("200,200", (6, 9, 12, 3), 2), ("400,400", (7, 10, 13, 3), 2), ("800", (7, 8, 12, 4), 3), ("1600", (8, 9, 13, 4), 3)])
def test_widths_on_many_samples_get_the_shifts_that_were_measured(tmp_path, hidden, readout, max_halvings):
    rng = np.random.default_rng(1)
    np.savez(tmp_path / "many.npz", frames=rng.integers(0, 16, (12_000, 1, 5)), labels=np.arange(12_000) % 10)
    experiment, _ = choose("npz", tmp_path / "many.npz", hidden)
    made, last = experiment.network.readout, experiment.network.forward[-1]
    assert (made.error_shift, made.y_shift, made.d_shift, last.x_shift) == readout
    learning = experiment.network.learning
    assert learning.max_halvings == max_halvings and experiment.training.epochs == EPOCHS
    assert learning.halve_every == 9600 * EPOCHS // (max_halvings + 1)


def test_few_samples_are_learned_more_often_and_from_smaller_weights():
    few, some, many = plan(FEW - 1, WIDTHS[:2]), plan(FEW, WIDTHS[:2]), plan(MANY, WIDTHS[:2])
    assert few.recipe == SHORT and some.recipe == many.recipe == LONG and plan(MANY, WIDTHS[:1]).recipe == ONE_LAYER
    centred = plan(FEW - 1, WIDTHS[:1], centred=True)
    assert centred.recipe == plan(MANY - 1, WIDTHS[:2], centred=True).recipe == CENTRED
    assert centred.epochs == some.epochs > many.epochs
    assert plan(MANY, WIDTHS[:2], centred=True) == Plan(CONTRASTED, many.epochs, 3)
    assert plan(MANY, WIDTHS[:3], centred=True).recipe == DEEP and plan(MANY - 1, WIDTHS[:3], centred=True).recipe == CENTRED
    images = np.ones((MANY, 1, 9), np.uint8)
    steps = [scaled_network(images, 3, (4,) * depth, centred=True).learning.steps for depth in (2, 3)]
    assert steps == [8, 16] and network(9, (4, 4, 4), 3, recipe=DEEP).learning.steps == 16
    assert scaled_network(np.ones((MANY, 5, 9), np.uint8), 3, (4, 4, 4), centred=True).learning.steps == 5


def test_many_images_that_move_are_learned_longer_and_few_or_centred_ones_as_without():
    moved, narrow = plan(MANY, WIDTHS[:2], moved=True), plan(MANY, (199, 300), moved=True)
    assert moved.recipe == MOVED and moved.epochs > plan(MANY, WIDTHS[:2]).epochs
    assert narrow == Plan(MOVED_NARROW, moved.epochs, moved.halvings) and narrow.recipe.staggered > moved.recipe.staggered
    coarse = plan(MANY, WIDTHS[:2], moved=True, coarse=True)
    assert (coarse.recipe, coarse.epochs) == (of_coarse(MOVED), moved.epochs)
    assert coarse.recipe.first_sigma == 2 * MOVED.first_sigma and coarse.recipe.first_y_shift == MOVED.first_y_shift - 1
    for n, depth, centred in ((FEW - 1, 2, False), (FEW, 2, False), (MANY, 1, False), (MANY, 2, True)):
        assert plan(n, WIDTHS[:depth], centred, moved=True) == plan(n, WIDTHS[:depth], centred)


def test_many_dark_images_that_move_take_payloads_of_fewer_bits_and_larger_weights_where_nobody_chose(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (MANY, 4, 5)) * (np.random.default_rng(1).random((MANY, 4, 5)) < 0.2)
    for part, n in (("train", MANY), ("t10k", 3)):
        (tmp_path / f"{part}-images-idx3-ubyte").write_bytes(idx(images[:n]))
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(idx(np.arange(n) % 3))
    moved, samples = choose("idx", tmp_path, "9,9", jitter=1)
    assert moved.data.options == {"bits": COARSE_BITS} and samples.train_frames[:, :, :-1].max() == 7
    assert [one.sigma for one in moved.network.forward][0] == 2 * MOVED_NARROW.first_sigma
    assert moved.network.hidden[0].y_shift == MOVED_NARROW.first_y_shift - 1
    local, samples = choose("idx", tmp_path, "2l3", jitter=1)
    assert local.data.options == {"bits": COARSE_BITS} and local.network.forward[0].sigma == COARSE.sigma
    assert local.network.hidden[0].y_shift == COARSE.y_shift < KINDS_OF_IMAGES["local"].y_shift
    assert local.training.epochs == 36 and local.network.learning.halve_every == MANY * 36 // 5
    for hidden, jitter in (("9,9", 0), ("9", 1), ("2l3", 0), ("2c3", 1), ("2c3,9", 1)):
        still, samples = choose("idx", tmp_path, hidden, jitter=jitter)
        assert still.data.options == {} and samples.train_frames[:, :, :-1].max() == 15
    assert coarse(Data("idx", options={"bits": 4}), samples).options == {"bits": 4}
    fewer = replace(samples, train_frames=samples.train_frames[1:], train_labels=samples.train_labels[1:])
    darker = replace(samples, train_frames=np.minimum(samples.train_frames, 7))
    for data, of in ((Data("idx"), fewer), (Data("idx"), darker), (Data("digits"), samples), (Data("theirs"), samples)):
        assert coarse(data, of) == data
    assert said({"bits": 3}) == "payloads of 3 bits: pixel >> 5 (bits = 3)" and said({}) == said({"bits": 4}) == ""


def test_widths_keep_the_encoding_of_the_preset(tmp_path):
    pytest.importorskip("tonic.io")
    write_nmnist(tmp_path)
    experiment, samples = choose("nmnist", tmp_path, "20", validation=3)
    assert experiment.data.options == {**PRESETS["nmnist"]().data.options, "validation": 3}
    assert experiment.network.widths == (1735, 20, 10) and len(samples.test_labels) == 3


@pytest.mark.parametrize("recipe", [LONG, ONE_LAYER, CENTRED], ids=["long", "one layer", "centred"])
@pytest.mark.parametrize("width", [10, 200, 1600, 8000])
def test_one_layer_of_any_width_of_a_chip_can_run_with_three_halvings(recipe, width):
    assert network(785, (width,), 10, recipe=recipe, halve_every=1000, max_halvings=3).widths == (785, width, 10)


@pytest.mark.parametrize("recipe, hidden", [(CENTRED, (800, 800)), (LONG, (1600, 1600)), (SHORT, (3000, 3000))])
def test_wide_layers_halve_their_learning_rates_less_often_where_a_residual_has_no_more_room(recipe, hidden):
    made = network(785, hidden, 10, recipe=recipe, halve_every=1000, max_halvings=3)
    check_shifts(made.plastic, made.learning)
    assert made.learning.max_halvings < 3
