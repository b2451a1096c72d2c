"""A data set and an experiment that a test trains in a second: written to files as a user would have them."""
from pathlib import Path

import numpy as np

from lava_opzo.experiment import experiment
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.network.form import changed
from sim_tests.helpers.networks import random_samples, small_network


def write_tiny_run(folder: Path, n_train: int = 40, epochs: int = 2, **options) -> tuple[Path, Experiment]:
    """An .npz data set of random samples and a config.toml that trains a small network on it; options: of `small_network`."""
    bare = small_network(**options)
    network = changed(bare, n_in=bare.input.n + 1)
    frames, labels = random_samples(bare, n_train + 10)
    np.savez(folder / "data.npz", frames=frames[:n_train], labels=labels[:n_train], test_frames=frames[n_train:],
             test_labels=labels[n_train:])
    tiny = Experiment(Data("npz", str(folder / "data.npz")), network, Training(epochs))
    (folder / "tiny.toml").write_text(experiment.dumps(tiny))
    return folder / "tiny.toml", tiny
