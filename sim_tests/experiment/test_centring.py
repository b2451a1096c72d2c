"""Bright images are centred by a rule on what the samples hold, never where somebody chose or where lines are no pixels."""
import numpy as np
import pytest

from lava_opzo.data import Dataset
from lava_opzo.experiment.centring import ONOFF, centred, common_share
from lava_opzo.experiment.choose import choose
from lava_opzo.experiment.experiment import Data
from lava_opzo.experiment.scaling import CENTRED, LONG_EPOCHS
from sim_tests.helpers.idx_files import write_set

BRIGHT = np.random.default_rng(0).integers(8, 16, (40, 1, 6)).astype(np.uint8)
DARK = BRIGHT * (np.random.default_rng(1).random(BRIGHT.shape) < 0.2)


def samples(frames, shape=(2, 3, 1)):
    return Dataset("idx", 2, frames, np.arange(len(frames)) % 2, frames[:2], np.array([0, 1]), "the test", shape)


@pytest.mark.parametrize("frames", [BRIGHT, DARK], ids=["bright", "dark"])
def test_the_share_of_the_mean_is_its_power_over_that_of_the_samples(frames):
    values = frames[:, 0].astype(float)
    assert common_share(frames) == pytest.approx((values.mean(axis=0) ** 2).sum() / (values ** 2).sum(axis=1).mean())
    assert common_share(np.zeros((3, 1, 2), np.uint8)) == 0


@pytest.mark.parametrize("image, onoff", [(False, ONOFF["dense"]), (True, ONOFF["image"])])
def test_bright_images_are_centred_and_dark_ones_are_not(image, onoff):
    data = Data("idx")
    assert centred(data, samples(BRIGHT), image).options == {"onoff": onoff} and centred(data, samples(DARK), image) == data


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
