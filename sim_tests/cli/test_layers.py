"""`train` and `resume` freeze layers and change learning rates layer by layer, and the run folder says so."""
import numpy as np

from lava_opzo.experiment import experiment as experiments
from lava_opzo.network.initial import initial_state
from lava_opzo.runs import checkpoint
from lava_opzo.runs.folder import RunFolder
from sim_tests.helpers.commands import assert_one_line, command
from sim_tests.helpers.tiny_run import write_tiny_run


def weights(run):
    return checkpoint.load(RunFolder(run).checkpoint)[1]["W1.weights"]


def test_train_and_resume_freeze_and_thaw_layers_and_multiply_rates(tmp_path, monkeypatch):
    monkeypatch.setattr("lava_opzo.report.run.draw", lambda run, dataset: None)  # it starts Lava
    config, tiny = write_tiny_run(tmp_path)
    run = tmp_path / "run"
    rates = ("--rate", "readout=1/2", "--rate", "hidden2=2")
    done = command("train", "--config", config, "--freeze", "hidden1", *rates, "--out", run)
    assert done.code == 0, done.errors
    network = experiments.load(run / "config.toml").network
    assert [layer.frozen for layer in network.plastic] == [True, False, False]
    assert [layer.y_shift for layer in network.plastic] == [9, 8, 5] and "frozen = true" in (run / "config.toml").read_text()
    assert np.array_equal(weights(run), initial_state(tiny.network)["W1.weights"])
    done = command("resume", run, "--epochs", 3, "--freeze", "none", "--rate", "hidden1=1/2")
    assert done.code == 0, done.errors
    network = experiments.load(run / "config.toml").network
    assert not any(layer.frozen for layer in network.plastic) and [layer.y_shift for layer in network.plastic] == [10, 8, 5]
    assert not np.array_equal(weights(run), initial_state(tiny.network)["W1.weights"])
    changed = {line["key"]: (line["old"], line["new"]) for line in RunFolder(run).read_metrics() if line["kind"] == "changed"}
    assert changed == {"network.hidden.1.frozen": (True, False), "network.hidden.1.y_shift": (9, 10),
                       "training.epochs": (2, 3)}


def test_a_layer_that_is_not_there_is_refused_before_anything_starts(tmp_path):
    config, _ = write_tiny_run(tmp_path)
    assert_one_line(command("train", "--config", config, "--freeze", "hidden3", "--out", tmp_path / "run"), 2, "hidden3")
    assert_one_line(command("train", "--config", config, "--rate", "readout=3", "--out", tmp_path / "run"), 2, "power of two")
    assert not (tmp_path / "run").exists()
