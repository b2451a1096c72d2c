"""The lines of a run as a DataFrame, and its picture in a notebook."""
import sys

import numpy as np
import pytest

from lava_opzo import RunFolder, load_run
from lava_opzo.errors import UserError
from lava_opzo.experiment import fields
from lava_opzo.experiment.experiment import changed
from lava_opzo.experiment.samples import load_data
from lava_opzo.report import run as reports
from lava_opzo.runs import checkpoint, start
from sim_tests.helpers.tiny_run import write_tiny_run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    _, experiment = write_tiny_run(tmp_path_factory.mktemp("tiny"), 12)
    folder = RunFolder.create(tmp_path_factory.mktemp("frame") / "run", experiment)
    start.start(experiment, load_data(experiment), folder, lambda progress, text: None, "twin")
    return folder


def test_a_line_is_a_row_and_lists_and_tables_become_columns(run):
    pytest.importorskip("pandas")
    frame, lines = run.frame(), run.read_metrics()
    assert len(frame) == len(lines) and frame["kind"].tolist() == [line["kind"] for line in lines]
    epochs = frame[frame.kind == "epoch"]
    assert epochs["test_accuracy"].tolist() == [line["test_accuracy"] for line in lines if line["kind"] == "epoch"]
    layers = frame[frame.kind == "layers"]
    assert layers["spike_rates.2"].tolist() == [line["spike_rates"][1] for line in lines if line["kind"] == "layers"]
    assert epochs["largest.hidden1.u"].tolist() == [line["largest"]["hidden1"]["u"] for line in lines if line["kind"] == "epoch"]
    assert load_run(run.path).frame().equals(frame)


def test_what_was_measured_on_validation_samples_is_not_called_a_test(tmp_path):
    pytest.importorskip("pandas")
    _, experiment = write_tiny_run(tmp_path, 12)
    run = RunFolder.create(tmp_path / "run", changed(experiment, validation=4))
    run.add_metrics({"kind": "epoch", "epoch": 1, "n_trained": 8, "train_accuracy": 0.25, "test_accuracy": 0.5,
                     "rail_touches": None, "largest": None})
    assert run.frame()["validation_accuracy"].tolist() == [0.5] and "test_accuracy" not in run.frame()


def test_values_inside_others_have_dotted_names():
    assert fields.values({"a": 1, "b": [2, None], "c": {"d": {"e": 3}}}) == {"a": 1, "b.1": 2, "b.2": None, "c.d.e": 3}


def test_without_pandas_one_line_says_what_to_install(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UserError, match=r"pandas is not installed; .*-e '\.\[notebook\]'"):
        run.frame()


def test_the_figure_of_a_run_is_a_picture_for_a_notebook_and_changes_nothing(run, monkeypatch):
    monkeypatch.setattr(reports, "record_spikes", lambda network, *_: {
        one.name: np.zeros((network.schedule().length, one.n), int) for one in network.populations})
    before = {path.name: path.read_bytes() for path in run.path.iterdir()}
    assert load_run(run.path).figure()._repr_png_().startswith(b"\x89PNG")
    assert {path.name: path.read_bytes() for path in run.path.iterdir()} == before and checkpoint.NAME in before
