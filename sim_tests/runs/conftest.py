"""A whole tiny run, and one that ended half-way."""
from typing import NamedTuple

import pytest

from lava_opzo.data import Dataset
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.experiment.samples import load_data
from lava_opzo.runs import start
from lava_opzo.runs.folder import RunFolder
from sim_tests.helpers.begun_run import Ended, ending, silent, state
from sim_tests.helpers.tiny_run import write_tiny_run


class Tiny(NamedTuple):
    """An experiment, its data, and the folder of a whole run of it: 80 samples in 2 epochs."""

    experiment: Experiment
    dataset: Dataset
    run: RunFolder


@pytest.fixture(scope="package")
def tiny(tmp_path_factory):
    """A whole run."""
    folder = tmp_path_factory.mktemp("tiny")
    _, experiment = write_tiny_run(folder)
    whole = Tiny(experiment, load_data(experiment), RunFolder.create(folder / "run", experiment))
    start.start(*whole, silent, "twin")
    return whole


@pytest.fixture
def begun(tiny, tmp_path):
    """A run that ended after 40 of its 80 samples."""
    run = RunFolder.create(tmp_path / "run", tiny.experiment)
    with pytest.raises(Ended):
        start.start(tiny.experiment, tiny.dataset, run, ending(40), "twin")
    assert state(run).n_trained == 40
    return run
