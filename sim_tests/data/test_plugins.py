"""Data sets of other packages: an installed entry point is loaded by its name and checked; a broken one is refused by name."""
import sys

import numpy as np
import pytest

from lava_opzo.data import Dataset, load, plugins
from lava_opzo.errors import UserError
from lava_opzo.experiment.choose import choose

MODULE = """
import numpy as np
from lava_opzo.data import Dataset

def stripes(path=None, steps=8, seed=0, n_lines=6):
    frames = np.tile(np.arange(n_lines, dtype=np.uint8), (12, 1, 1))
    return Dataset("stripes", 3, frames, np.arange(12) % 3, frames[:3], np.arange(3), "made up")

def wrong(path=None, steps=8, seed=0):
    return [1, 2, 3]

def failing(path=None, steps=8, seed=0):
    raise KeyError("two\\nlines")

def leaving(path=None, steps=8, seed=0):
    raise SystemExit(0)

def uneven(path=None, steps=8, seed=0):
    return Dataset("uneven", 2, [[[1]], [[1, 2]]], [0, 1], [], [], "made up")

def spoiled(path=None, steps=8, seed=0):
    dataset = stripes()
    dataset.train_frames[0] = 99
    return dataset

number = 3
"""


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A package on the path whose entry points name loaders, as pip leaves it."""
    (tmp_path / "fake_sets.py").write_text(MODULE)
    for package, points in (("fake", "stripes = fake_sets:stripes\nwrong = fake_sets:wrong\nnumber = fake_sets:number\n"
                                     "failing = fake_sets:failing\nleaving = fake_sets:leaving\nuneven = fake_sets:uneven\n"
                                     "spoiled = fake_sets:spoiled\ncompiled = builtins:max\n"
                                     "gone = no_such_module:load\ntwice = fake_sets:stripes\ndigits = fake_sets:wrong\n"),
                            ("other", "twice = fake_sets:stripes\n")):
        info = tmp_path / f"{package}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{plugins.GROUP}]\n{points}")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("fake_sets", None)


def test_a_data_set_of_another_package_is_loaded_by_name_with_its_options_and_the_bias_line(installed):
    dataset = load("stripes", n_lines=4)
    assert isinstance(dataset, Dataset) and dataset.train_frames.shape == (12, 1, 5)
    assert np.array_equal(dataset.train_frames[0, 0], [0, 1, 2, 3, 15])
    assert len(load("stripes", validation=5).test_labels) == 5


def test_a_network_is_scaled_to_it_as_to_any_other(installed):
    experiment, dataset = choose("stripes", None, "5,4")
    assert experiment.network.widths == (7, 5, 4, 3) and experiment.data.name == dataset.name == "stripes"


@pytest.mark.parametrize("name, words", [
    ("none", "choose one of digits, mnist, idx, cifar10, png, nmnist, dvs_gesture, order, motion, npz, .*stripes"),
    ("gone", r"data set 'gone' of package 'fake': no_such_module:load cannot be imported: ModuleNotFoundError"),
    ("wrong", "data set 'wrong' of package 'fake': its loader gave a list"),
    ("failing", r"data set 'failing' of package 'fake': its loader failed: KeyError \('two.*lines'\); repair that package"),
    ("leaving", r"data set 'leaving' of package 'fake': its loader failed: SystemExit \(0\)"),
    ("uneven", r"data set 'uneven' of package 'fake': its loader failed: UserError \(.*train_frames is no array"),
    ("spoiled", r"data set 'spoiled' of package 'fake': its data set is not whole: UserError \(.*train_frames\[0, 0, 0\] = 99"),
    ("compiled", "data set 'compiled': its loader does not say its arguments"),
    ("number", "data set 'number' of package 'fake': fake_sets:number is no function"),
    ("twice", "data set 'twice': package '.*' and package '.*' both offer it; remove one of them")])
def test_what_is_unknown_broken_or_ambiguous_is_refused_by_name(installed, name, words):
    with pytest.raises(UserError, match=words) as caught:
        load(name)
    assert "\n" not in str(caught.value)


def test_an_unknown_option_is_refused_with_those_of_the_loader(installed):
    with pytest.raises(UserError, match="option 'colour' is unknown; its options are bias, validation, n_lines"):
        load("stripes", colour=3)


def test_a_name_of_this_package_cannot_be_taken(installed):
    assert load("digits").n_classes == 10
