"""`lava-opzo tune` from end to end on a tiny set, and its trials as trainings of the twin."""
import csv
import json

import numpy as np
import pytest

from lava_opzo.data import load
from lava_opzo.engines import registry
from lava_opzo.experiment import experiment as experiments
from lava_opzo.network.initial import initial_state
from lava_opzo.runs.loop import accuracy, train
from lava_opzo.silicon.boards import Board
from lava_opzo.tune.learning import Wanted, learned
from lava_opzo.tune.trials import DONE, NOT_REPLAYABLE, PRUNED, REFUSED
from sim_tests.helpers.commands import assert_one_line, command
from sim_tests.helpers.tiny_run import write_tiny_run


@pytest.fixture
def tiny(tmp_path):
    return write_tiny_run(tmp_path)


def never(*given):
    return False


def test_a_trial_has_the_bits_of_a_training_and_ends_as_it_is_told(tiny):
    _, experiment = tiny
    samples = load("npz", experiment.data.path, steps=5)
    with registry.make("twin", experiment.network, initial_state(experiment.network)) as engine:
        expected = tuple(accuracy(engine, samples.test_frames, samples.test_labels)
                         for progress in train(engine, samples, experiment.training) if progress.epoch_done)
    ended = learned(experiment, samples, Wanted(), never, never)
    assert (ended.state, ended.curve) == (DONE, expected)
    assert learned(experiment, samples, Wanted(), lambda epoch, share: epoch == 1, never).state == PRUNED
    assert learned(experiment, samples, Wanted(), never, lambda: True) is None
    found = learned(experiment, samples, Wanted(replayable=True), never, never)
    assert found.state == NOT_REPLAYABLE and "stock-lava" in found.reason
    refused = learned(experiment, samples, Wanted(board=Board("none", 0, "made up", True)), never, never)
    assert refused.state == REFUSED and "0 neurons on none" in refused.reason


def test_a_tuning_leaves_config_table_and_picture_goes_on_and_its_config_is_trained(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr("lava_opzo.report.run.draw", lambda run, dataset: None)  # it starts Lava
    config, experiment = tiny
    arrays = dict(np.load(tmp_path / "data.npz"))
    arrays["test_labels"] = np.zeros_like(arrays["test_labels"])
    out, given = tmp_path / "tune", ("tune", "--config", config, "--minutes", 5, "--jobs", 2, "--json")
    done = command(*given, "--trials", 9, "--out", out)
    assert done.code == 0 and done.output.count("\n") == 1, done.errors
    answer = json.loads(done.output)
    assert (answer["trials"], answer["validation"], answer["interrupted"]) == (9, 8, False)
    assert done.errors.startswith("twin: ") and "9 trials" in done.errors
    assert answer["best"]["mean"] >= answer["start"]["mean"] and answer["target"].startswith("twin: ")
    with open(out / "trials.csv") as file:
        assert len(list(csv.DictReader(file))) == 9
    assert (out / "tune.png").read_bytes().startswith(b"\x89PNG")
    best = experiments.load(out / "config.toml")
    assert best.data == experiment.data and best.training == experiment.training
    np.savez(tmp_path / "data.npz", **arrays)  # other test labels change nothing
    again = command(*given, "--trials", 2, "--out", out)
    assert json.loads(again.output)["trials"] == 11 and json.loads(again.output)["start"] == answer["start"], again.errors
    trained = command("train", "--config", out / "config.toml", "--out", tmp_path / "run", "--json")
    assert trained.code == 0 and json.loads(trained.output)["n_trained"] == 80, trained.errors


def test_options_that_do_not_go_together_are_refused(tiny, tmp_path):
    config, _ = tiny
    assert_one_line(command("tune", "--config", config, "--hidden", "20"), 2, "--config leaves --hidden without effect")
    assert_one_line(command("tune", "--config", config, "--board", "nothing"), 2, "board 'nothing' is unknown")
    assert_one_line(command("tune", "--config", config, "--minutes", 0), 2, "minutes 0")
    config.write_text(config.read_text().replace('number = "fixed"', 'number = "real"'))
    assert_one_line(command("tune", "--config", config, "--replayable"), 2, "real numbers are never replayable")
