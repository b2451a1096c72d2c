"""Every preset begins by its one command: its own data set, read from files in their layout, its own network, a few steps."""
import json

import numpy as np
import pytest

from lava_opzo.data.cifar10 import TEST, TRAINING
from lava_opzo.paper.presets import PRESETS
from sim_tests.helpers.commands import command
from sim_tests.helpers.gesture_files import write_gestures
from sim_tests.helpers.image_files import write_batch, write_png
from sim_tests.helpers.nmnist_files import write_nmnist

FEW = ("--epochs", 1, "--set", "limit=4", "--set", "batch=2", "--set", "steps=2", "--json")
NO_FILES = {"digits"}
REAL_FILES = {"mnist": "mnist", "mnist-conv": "mnist"}
"""Preset -> the folder of its data set, whose files are known by their sha256."""


def cifar(folder):
    for name in (TRAINING[0], TEST):
        write_batch(folder / name, 6)


def events_of_objects(folder):
    """48 x 48 pixels of two polarities in two steps, as the preset of DVS-CIFAR10 takes them from an .npz."""
    rng = np.random.default_rng(1)
    np.savez(folder / "events.npz", frames=rng.integers(0, 3, (10, 2, 48 * 48 * 2)).astype(np.uint8), labels=np.arange(10))
    return folder / "events.npz"


WRITTEN = {"nmnist": write_nmnist, "cifar10": cifar, "cifar10-vgg": cifar, "cifar10-small": cifar,
           "cifar100": lambda folder: write_png(folder, (32, 32, 3)), "dvs-gesture": write_gestures,
           "dvs-cifar10": events_of_objects}
"""Preset -> what writes small files of its data set into a folder; it may return the file to hand over."""


def began(name, *data):
    """That the command of a preset has learned four samples and kept them."""
    said = command("paper", name, *data, *FEW)
    assert said.code == 0, said.errors
    found = json.loads(said.output)
    assert found["seen"] == 4 and [epoch["number"] for epoch in found["epochs"]] == [1]


def test_every_preset_is_tried():
    assert NO_FILES | WRITTEN.keys() | REAL_FILES.keys() == PRESETS.keys()


@pytest.mark.parametrize("name", sorted(NO_FILES | WRITTEN.keys()))
def test_a_preset_begins_with_files_of_its_data_set(name, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    place = WRITTEN[name](folder) if name in WRITTEN else None
    data = () if name in NO_FILES else ("--data", place if name == "dvs-cifar10" else folder)
    began(name, *data, "--out", tmp_path / "run")


@pytest.mark.data
@pytest.mark.parametrize("name", sorted(REAL_FILES))
def test_a_preset_of_mnist_begins_with_its_files(name, data_folder, tmp_path):
    began(name, "--data", data_folder / REAL_FILES[name], "--out", tmp_path / "run")
