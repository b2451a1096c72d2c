"""`lava-opzo predict`: the answers of `evaluate` for a file without labels, and one clear line for every other file."""
import json

import numpy as np
import pytest

from lava_opzo import Learner, evaluate, train
from lava_opzo.data import table, with_bias
from lava_opzo.experiment.samples import load_data
from lava_opzo.runs import checkpoint
from lava_opzo.runs.folder import RunFolder
from sim_tests.helpers.commands import assert_one_line, command
from sim_tests.helpers.networks import random_samples, small_network
from sim_tests.helpers.tiny_run import write_tiny_run


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A run folder whose checkpoint has learned something, its unlabelled samples in both forms, and what evaluation answers."""
    folder = tmp_path_factory.mktemp("house")
    _, experiment = write_tiny_run(folder)
    result = train(experiment.network, load_data(experiment).train_frames, load_data(experiment).train_labels)
    RunFolder.create(folder / "run", experiment, result.state)
    frames = np.load(folder / "data.npz")["test_frames"]
    np.savez(folder / "bare.npz", frames=frames)
    np.savetxt(folder / "bare.csv", frames[:, 0], "%d", ",")
    return folder, evaluate(experiment.network, result.state, load_data(experiment).test_frames).tolist()


@pytest.mark.parametrize("name", ["bare.csv", "bare.npz"])
def test_a_file_is_predicted_as_the_samples_of_the_run_are(house, name, tmp_path):
    folder, answers = house
    said = command("predict", folder / "run", folder / name, "--json")
    found = json.loads(said.output)
    assert found == {"samples": 10, "predictions": answers, "counts": np.bincount(answers, minlength=4).tolist(), "out": None}
    printed = command("predict", folder / "run" / checkpoint.NAME, folder / name).output.splitlines()
    assert printed[0].startswith("twin: ") and printed[1] == "sample,prediction"
    assert printed[2:12] == [f"{sample},{prediction}" for sample, prediction in enumerate(answers)]
    for out in ("a.csv", "a.npz"):
        assert command("predict", folder / "run", folder / name, "--out", tmp_path / out).code == 0
    assert (tmp_path / "a.csv").read_text().splitlines()[1:] == printed[2:12]
    assert np.load(tmp_path / "a.npz")["predictions"].tolist() == answers


def test_a_learner_that_was_saved_predicts_with_the_lines_that_it_was_handed(tmp_path):
    network = small_network()
    frames, labels = random_samples(network, 12)
    for lines, bare in ((9, frames), (8, frames[:, :, :8])):
        learner = Learner(network)
        learner.learn(bare, labels)
        learner.save(tmp_path / f"{lines}.safetensors")
        np.savez(tmp_path / f"{lines}.npz", frames=bare)
        found = json.loads(command("predict", tmp_path / f"{lines}.safetensors", tmp_path / f"{lines}.npz", "--json").output)
        assert found["predictions"] == learner.predict(bare).tolist()
    assert_one_line(command("predict", tmp_path / "9.safetensors", tmp_path / "8.npz"), 2, "(12, 1, 8)", "9) is needed")


@pytest.mark.parametrize("arrays, words", [
    ({"frames": np.zeros((2, 1, 10), int)}, "(samples, 1 or 5, 9) is needed, the bias line left out"),
    ({"frames": np.zeros((2, 3, 9), int)}, "shape (2, 3, 9)"), ({"frames": np.full((2, 1, 9), 16)}, "is outside 0..15"),
    ({"frames": np.full((2, 1, 9), 0.5)}, "is not a whole number"), ({"frames": np.zeros((2, 9), int)}, "shape (2, 9)"),
    ({"x": np.zeros((2, 1, 9), int)}, "has the arrays x, one named frames is needed alone"),
    ({"frames": np.zeros((2, 1, 9), int), "labels": np.zeros(2, int)}, "tested with lava-opzo evaluate"),
    ({"frames": np.array([None])}, "is not one of numbers")])
def test_another_npz_is_one_line_and_exit_code_2(house, tmp_path, arrays, words):
    np.savez(tmp_path / "a.npz", **arrays)
    assert_one_line(command("predict", house[0] / "run", tmp_path / "a.npz"), 2, words)


@pytest.mark.parametrize("run, file, out, words", [
    ("run", "data.npz", "a.csv", "frames, labels"), ("run", "tiny.toml", "a.csv", "neither .csv nor .npz"),
    ("run", "missing.csv", "a.csv", "missing.csv"), ("run", "run", "a.csv", "neither .csv"),
    ("missing", "bare.csv", "a.csv", "missing"),
    ("tiny.toml", "bare.csv", "a.csv", "tiny.toml"), ("run", "bare.csv", "a.txt", "written as .csv or .npz"),
    ("run", "bare.csv", "no/a.csv", "no/a.csv"), ("run", "bare.csv", "bare.csv", "bare.csv: exists")])
def test_wrong_arguments_are_one_line_and_leave_nothing(house, tmp_path, run, file, out, words):
    out = house[0] / out if out == "bare.csv" else tmp_path / out
    assert_one_line(command("predict", house[0] / run, house[0] / file, "--out", out, "--json"), 2, words)
    assert list(tmp_path.iterdir()) == []


def test_no_samples_are_no_predictions_and_a_label_column_is_no_line(house, tmp_path):
    np.savez(tmp_path / "none.npz", frames=np.zeros((0, 1, 9), int))
    assert json.loads(command("predict", house[0] / "run", tmp_path / "none.npz", "--json").output)["predictions"] == []
    lines = (house[0] / "bare.csv").read_text().splitlines()
    (tmp_path / "labelled.csv").write_text("\n".join(f"{line},3" for line in lines))
    assert_one_line(command("predict", house[0] / "run", tmp_path / "labelled.csv"), 2, "line 1 has 10 values, 9 are needed")


def test_features_are_encoded_by_the_ranges_of_the_training(tmp_path):
    rng = np.random.default_rng(5)
    rows = np.column_stack([rng.normal(size=(24, 3)), np.arange(24) % 2])
    np.savetxt(tmp_path / "mine.csv", rows, ["%.5f", "%.5f", "%.5f", "%d"], ",")
    np.savetxt(tmp_path / "new.csv", rows[:, :3], "%.5f", ",")
    said = command("train", "--dataset", "csv", "--data", tmp_path / "mine.csv", "--hidden", "8", "--out", tmp_path / "run")
    assert said.code == 0, said.errors
    experiment, state, _ = checkpoint.load(RunFolder(tmp_path / "run").checkpoint)
    encoded = table.unlabelled(tmp_path / "new.csv", tmp_path / "mine.csv", 0)
    answers = evaluate(experiment.network, state, with_bias(encoded)).tolist()
    assert json.loads(command("predict", tmp_path / "run", tmp_path / "new.csv", "--json").output)["predictions"] == answers
