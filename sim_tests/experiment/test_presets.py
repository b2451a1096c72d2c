"""Presets fit their data, and widths choose the recipe that their depth and their number of samples need."""
from dataclasses import asdict

import numpy as np
import pytest

from lava_opzo.experiment.choose import LONG_EPOCHS, choose
from lava_opzo.data.binning import Encoding
from lava_opzo.experiment.presets import PRESETS
from lava_opzo.experiment.scaling import LONG, ONE_LAYER, network
from sim_tests.helpers.nmnist_files import write_nmnist


def test_the_nmnist_preset_has_a_line_for_every_bin_of_its_encoding_and_the_bias():
    preset = PRESETS["nmnist"]()
    frames, lines = Encoding("nmnist", 34, preset.network.steps, **preset.data.options).shape
    assert frames == 1 and preset.network.n_in == lines + 1 == 3 * 9 * 9 + 1


@pytest.mark.parametrize("hidden, readout, max_halvings", [
    ("200,200", (6, 9, 10, 3), 2), ("400,400", (7, 10, 11, 3), 2), ("800", (7, 8, 10, 4), 3), ("1600", (8, 9, 11, 4), 3)])
def test_widths_on_many_samples_get_the_shifts_that_were_measured(tmp_path, hidden, readout, max_halvings):
    rng = np.random.default_rng(1)
    np.savez(tmp_path / "many.npz", frames=rng.integers(0, 16, (12_000, 1, 5)), labels=np.arange(12_000) % 10)
    experiment, _ = choose("npz", tmp_path / "many.npz", hidden)
    found = asdict(experiment.network.readout)
    assert tuple(found[name] for name in ("error_shift", "y_shift", "d_shift", "x_shift")) == readout
    assert experiment.network.max_halvings == max_halvings and experiment.training.epochs == LONG_EPOCHS
    assert experiment.network.halve_every == 9600 * LONG_EPOCHS // (max_halvings + 1)


def test_widths_keep_the_encoding_of_the_preset(tmp_path):
    pytest.importorskip("tonic.io")
    write_nmnist(tmp_path)
    experiment, samples = choose("nmnist", tmp_path, "20", validation=3)
    assert experiment.data.options == {**PRESETS["nmnist"]().data.options, "validation": 3}
    assert experiment.network.widths == (244, 20, 10) and len(samples.test_labels) == 3


@pytest.mark.parametrize("recipe", [LONG, ONE_LAYER], ids=["long", "one layer"])
@pytest.mark.parametrize("width", [10, 200, 1600, 8000])
def test_one_layer_of_any_width_of_a_chip_can_run_with_three_halvings(recipe, width):
    assert network(785, (width,), 10, recipe=recipe, halve_every=1000, max_halvings=3).widths == (785, width, 10)
