"""Runs of labels and values from files to lines: trained, resumed, tested and predicted, with scores and no accuracy of none."""
import json
from pathlib import Path

import numpy as np
import pytest

from lava_opzo import api
from lava_opzo.engines import registry
from lava_opzo.errors import UserError
from lava_opzo.experiment import experiment as experiments
from lava_opzo.experiment.choose import choose
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.experiment.samples import load_data
from lava_opzo.experiment.scaling import ONE_LAYER, SHORT
from lava_opzo.learner import Learner
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.runs import checkpoint, loop, start
from lava_opzo.runs.counted import Counted
from lava_opzo.runs.folder import RunFolder
from lava_opzo.runs.scores import measure_of
from lava_opzo.tune.learning import Wanted
from lava_opzo.tune.prepare import tuning
from sim_tests.helpers.commands import assert_one_line, called
from sim_tests.helpers.networks import differing, random_outputs, small_network, with_kind

KINDS = ("labels", "values")
REAL = ((-1.0, 3.0), (0.0, 10.0), (5.0, 6.0))


def silent(progress, text):
    pass


def experiment_of(folder: Path, kind: str) -> Experiment:
    """A tiny run of 12 samples and 4 test samples in an npz file; values as real numbers of `REAL`."""
    bare = with_kind(small_network(hidden=(10, 8), n_out=3), kind)
    frames, wanted = random_outputs(bare, 16, seed=9)
    key = "targets" if kind == "values" else "labels"
    if kind == "values":
        low, high = np.array(REAL).T
        wanted[:2] = [[-127] * 3, [127] * 3]
        wanted = low + (wanted + 127) / 254 * (high - low)
    np.savez(folder / "data.npz", **{"frames": frames[:12], key: wanted[:12], "test_frames": frames[12:],
                                     f"test_{key}": wanted[12:]})
    return Experiment(Data("npz", str(folder / "data.npz")), changed(bare, n_in=bare.input.n + 1), Training(2))


@pytest.fixture(scope="module", params=KINDS)
def trained(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    experiment = experiment_of(folder, request.param)
    run = RunFolder.create(folder / "run", experiment)
    return experiment, run, start.start(experiment, load_data(experiment), run, silent, "twin")


def test_the_result_of_a_run_has_the_scores_of_its_answers(trained):
    experiment, run, result = trained
    dataset, (_, state, counted) = load_data(experiment), checkpoint.load(run.checkpoint)
    with registry.make("twin", experiment.network, state) as engine:
        answers = engine.evaluate(dataset.test_frames)
    measure = measure_of(dataset.kind, dataset.test_labels)
    assert result["test_scores"] == measure.scores(measure.of(answers, dataset.test_labels), 4)
    assert result["test_accuracy"] == result["test_scores"].get("accuracy")
    assert (result["train_accuracy"] is None) == (dataset.kind == "values") and result["train_scores"] is not None
    epochs = [line for line in run.read_metrics() if line["kind"] == "epoch"]
    assert [line["test_scores"] for line in epochs][-1] == result["test_scores"] and len(counted.sums) == len(measure.of(
        answers, dataset.test_labels))


def test_a_run_stopped_inside_an_epoch_goes_on_with_equal_bits_and_scores(trained, tmp_path):
    experiment, whole, expected = trained
    run, dataset = RunFolder.create(tmp_path / "run", experiment), load_data(experiment)
    with registry.make("twin", experiment.network, initial_state(experiment.network)) as engine:
        engine.chunk = 1
        for progress in loop.train(engine, dataset, experiment.training):
            if progress.done == 17:
                break
        run.save(experiment, engine.state(), Counted(hits=progress.hits_in_epoch, sums=progress.sums_in_epoch))
    result = start.resume(run, silent, "twin")
    assert {key: result[key] for key in ("train_scores", "test_scores", "n_trained")} == {
        key: expected[key] for key in ("train_scores", "test_scores", "n_trained")}
    assert differing(checkpoint.load(run.checkpoint)[1], checkpoint.load(whole.checkpoint)[1]) == []


def test_a_finished_run_gets_its_lost_result_back(trained):
    _, run, expected = trained
    kept = run.result.read_bytes()
    run.result.unlink()
    result = start.resume(run, silent, "twin")
    run.result.write_bytes(kept)
    assert {key: result[key] for key in expected if key not in ("seconds", "samples_per_s")} == {
        key: expected[key] for key in expected if key not in ("seconds", "samples_per_s")}


def test_commands_tell_scores_and_real_numbers_and_refuse_what_needs_classes(trained, tmp_path):
    experiment, run, result = trained
    kind, dataset = experiment.network.readout.kind, load_data(experiment)
    told = called("evaluate", run.path, "--json")
    content = json.loads(told.output)
    assert told.code == 0 and {**content, **result["test_scores"]} == content and "confusion" not in content
    assert ("accuracy" in told.errors) is False
    np.savez(tmp_path / "new.npz", frames=dataset.test_frames[:, :, :-1])
    answers = json.loads(called("predict", run.path, tmp_path / "new.npz", "--json").output)
    found = api.evaluate(experiment.network, checkpoint.load(run.checkpoint)[1], dataset.test_frames)
    if kind == "values":
        low, high = np.array(REAL).T
        assert np.allclose(answers["predictions"], low + (found + 127) / 254 * (high - low), rtol=0, atol=1e-12)
    else:
        assert answers["predictions"] == found.tolist() and "counts" not in answers
    table = called("compare", run.path, "--json")
    assert json.loads(table.output)[0]["test_scores"] == result["test_scores"]
    assert_one_line(called("report", run.path), 2, f"outputs of kind '{kind}'", "lava-opzo plot")
    assert_one_line(called("export", run.path, tmp_path / "a.net"), 2, f"outputs of kind '{kind}'")
    if kind == "values":
        assert_one_line(called("plot", run.path, run.path, "--out", tmp_path / "a.pdf"), 2, "no accuracy to draw")


def test_a_learner_gives_vectors_and_counts_right_labels_or_errors(trained):
    experiment, run, _ = trained
    kind, network = experiment.network.readout.kind, experiment.network
    frames, wanted = random_outputs(network, 6, seed=10)
    with registry.make("twin", network, initial_state(network)) as engine:
        expected = engine.train(frames, wanted)
    learner = Learner(network, window=4)
    first = learner.learn(frames[0], wanted[0])
    assert first.shape == (3,) and np.array_equal(learner.learn(frames[1:4], wanted[1:4]), expected[1:4])
    steps = list(learner.learn_stream(zip(frames[4:], wanted[4:], strict=True), chunk=2))
    assert [step.prediction for step in steps] == expected[4:].tolist() and steps[0].label == wanted[4].tolist()
    last = np.abs(expected[2:] - wanted[2:]).mean() if kind == "values" else (expected[2:] == wanted[2:]).mean()
    assert steps[-1].error == learner.error and steps[-1].accuracy == learner.accuracy
    assert (learner.error if kind == "values" else learner.accuracy) == pytest.approx(last)
    assert (learner.accuracy if kind == "values" else learner.error) is None
    assert learner.learn(frames[:0], wanted[:0]).shape == (0, 3)
    assert learner.predict(frames).shape == (6, 3) and learner.predict(frames[0]).shape == (3,)


def test_arrays_in_memory_learn_as_those_of_a_file_and_go_on(trained, tmp_path):
    network = trained[0].network
    frames, wanted = random_outputs(network, 8, seed=11)
    plain, kept = (api.train(network, frames, wanted, epochs=2, out=out) for out in (None, tmp_path / "run"))
    assert differing(plain.state, kept.state) == [] and plain.scores == kept.scores is not None
    assert plain.accuracy == plain.scores.get("accuracy")
    assert api.resume(tmp_path / "run", epochs=3).state.n_trained == 24


def test_the_recipe_gives_outputs_of_the_kind_and_number_that_the_samples_teach():
    for name, n, kind, error_shift in (("sine", 1, "values", ONE_LAYER.error_shift + 2),
                                       ("digit_labels", 2, "labels", SHORT.error_shift)):
        experiment, dataset = choose(name, None, "20")
        readout = experiment.network.readout
        assert (readout.n, readout.kind, dataset.kind, readout.error_shift) == (n, kind, kind, error_shift)
        assert experiments.loads(experiments.dumps(experiment)) == experiment


def test_a_network_of_another_kind_than_its_data_and_a_sweep_of_values_are_refused(tmp_path):
    experiment = experiment_of(tmp_path, "values")
    labels = changed(experiment.network, readout=with_kind(experiment.network, "labels").readout)
    with pytest.raises(UserError, match="kind 'labels' is not the values of data set 'npz'"):
        load_data(Experiment(experiment.data, labels, experiment.training))
    (tmp_path / "values.toml").write_text(experiments.dumps(experiment))
    imported = called("import-network", tmp_path / "a.nir", tmp_path / "new", "--template", tmp_path / "values.toml")
    assert_one_line(imported, 2, "outputs of the template are values")
    with pytest.raises(UserError, match="teaches values, which have no accuracy to search by"):
        tuning("npz", None, tmp_path / "values.toml", None, None, None, Wanted(replayable=False))
    (tmp_path / "sweep.toml").write_text(experiments.dumps(experiment) + "\n[sweep]\nseeds = [1, 2]\n")
    assert_one_line(called("sweep", tmp_path / "sweep.toml", "--out", tmp_path / "out"), 2, "a readout of values has no accuracy")
