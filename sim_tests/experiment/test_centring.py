"""Bright images are centred by a rule on what the samples hold, never where somebody chose or where lines are no pixels."""
import numpy as np
import pytest

from lava_opzo.data import Dataset
from lava_opzo.experiment import centring
from lava_opzo.experiment.centring import ONOFF, centred, common_share, is_centred, said
from lava_opzo.experiment.choose import choose
from lava_opzo.experiment.experiment import Data, changed
from lava_opzo.experiment.scaling import CENTRED, LONG_EPOCHS, MANY
from sim_tests.helpers.idx_files import write_set
from sim_tests.helpers.image_files import write_batch

BRIGHT = np.random.default_rng(0).integers(8, 16, (40, 1, 6)).astype(np.uint8)
DARK = BRIGHT * (np.random.default_rng(1).random(BRIGHT.shape) < 0.2)


def samples(frames, shape=(2, 3, 1)):
    return Dataset("idx", 2, frames, np.arange(len(frames)) % 2, frames[:2], np.array([0, 1]), "the test", shape)


@pytest.mark.parametrize("frames", [BRIGHT, DARK], ids=["bright", "dark"])
def test_the_share_of_the_mean_is_its_power_over_that_of_the_samples(frames):
    values = frames[:, 0].astype(float)
    assert common_share(frames) == pytest.approx((values.mean(axis=0) ** 2).sum() / (values ** 2).sum(axis=1).mean())
    assert common_share(np.zeros((3, 1, 2), np.uint8)) == 0


def test_bright_images_are_centred_and_dark_ones_are_not():
    data = Data("idx")
    assert centred(data, samples(BRIGHT), False).options == {"onoff": ONOFF["dense"]}
    assert centred(data, samples(DARK), False) == centred(data, samples(DARK), True) == data


@pytest.mark.parametrize("name", ["idx", "png", "cifar10"])
def test_patches_and_many_bright_images_take_local_contrast_and_all_to_all_layers_of_few_the_mean_image(name):
    many = np.tile(BRIGHT, (MANY // len(BRIGHT), 1, 1))
    assert centred(Data(name), samples(BRIGHT), True).options == {"contrast": 1}
    assert centred(Data(name), samples(many), False).options == {"contrast": 1}
    assert centred(Data(name), samples(many[1:]), False).options == {"onoff": ONOFF["dense"]}
    for chosen in (Data(name, options={"contrast": 0}), Data(name, options={"onoff": 2})):
        assert centred(chosen, samples(many), True) == chosen


@pytest.mark.parametrize("image, onoff", [(False, ONOFF["dense"]), (True, ONOFF["image"])])
def test_a_loader_without_local_contrast_has_the_mean_image_for_all_layers(monkeypatch, image, onoff):
    monkeypatch.setattr(centring, "options_of", lambda name: ["onoff"])
    many = np.tile(BRIGHT, (MANY // len(BRIGHT), 1, 1))
    assert centred(Data("theirs"), samples(many), image).options == {"onoff": onoff}


def test_a_line_says_how_bright_images_are_shown():
    for options, expected in (({"contrast": 1}, "what surrounds a pixel in the place of pixels (contrast = 1)"),
                              ({"onoff": 3}, "the mean image in the place of pixels (onoff = 3)"), ({"onoff": 0}, ""), ({}, "")):
        data = Data("png", options=options)
        assert said(data).endswith(expected) and bool(said(data)) == is_centred(data) == bool(expected)


def test_a_network_of_photographs_takes_their_contrast_and_learns_them_mirrored_where_they_are_known_to_be(tmp_path):
    write_batch(tmp_path / "data_batch_1.bin", 60)
    write_batch(tmp_path / "test_batch.bin", 5)
    for hidden, mirror in (("2c5s4", True), ("2l5s4", False)):
        experiment, found = choose("cifar10", tmp_path, hidden)
        assert experiment.data.options == {"contrast": 1} and found.shape == (32, 32, 6) and experiment.network.input.opposed == 3
        assert experiment.training.mirror == mirror
        assert not changed(experiment, mirror=False).training.mirror
    dense = [changed(choose("cifar10", tmp_path, "9")[0], mirror=mirror).training.mirror for mirror in (None, True)]
    assert dense == [False, True]


def test_what_somebody_chose_and_what_is_no_image_stays():
    chosen = Data("idx", options={"onoff": 0})
    assert centred(chosen, samples(BRIGHT), False) == chosen
    assert centred(Data("idx"), samples(BRIGHT, None), False) == Data("idx")
    assert centred(Data("npz"), samples(BRIGHT), False) == Data("npz")


def test_a_network_for_bright_images_has_two_lines_a_pixel_and_a_recipe_of_its_own(tmp_path):
    write_set(tmp_path, n_train=30)
    experiment, found = choose("idx", tmp_path, "12,9")
    assert experiment.data.options == {"onoff": ONOFF["dense"]} and found.shape == (4, 5, 2)
    assert experiment.network.widths == (41, 12, 9, 3) and experiment.training.epochs == LONG_EPOCHS
    assert experiment.network.input.stagger == 5 and experiment.network.readout.error_shift == CENTRED.error_shift
