"""A run can be stopped anywhere and resumed in any engine, and ends with the bits of an unbroken run."""
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lava_opzo.engines import registry, touches
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Training
from lava_opzo.experiment.samples import load_data
from lava_opzo.network.initial import initial_state
from lava_opzo.report.run import report
from lava_opzo.runs import checkpoint, compare, loop, presentation, start
from lava_opzo.runs.compare import differing
from lava_opzo.runs.counted import Counted
from lava_opzo.runs.folder import RunFolder
from sim_tests.helpers.tiny_run import write_tiny_run

ROOT = Path(__file__).parents[2]


def silent(progress, text):
    pass


def arrays(run):
    return checkpoint.load(run.checkpoint)[1].arrays


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unbroken")
    _, experiment = write_tiny_run(folder, n_train=12)
    run = RunFolder.create(folder / "run", experiment)
    result = start.start(experiment, load_data(experiment), run, silent, "twin")
    assert not result["interrupted"] and result["n_trained"] == 24
    return experiment, run, result


@pytest.mark.parametrize("first, then, stop_after", [
    ("twin", "lava", 1), ("twin", "lava", 11), ("twin", "lava", 12), ("lava", "twin", 1), ("lava", "twin", 17),
    ("stock", "lava", 17)])
def test_a_run_stopped_after_any_sample_goes_on_in_another_engine_with_equal_bits(unbroken, tmp_path, first, then, stop_after):
    experiment, whole, _ = unbroken
    run, dataset = RunFolder.create(tmp_path / "run", experiment), load_data(experiment)
    with registry.make(first, experiment.network, initial_state(experiment.network)) as engine:
        engine.chunk = 1
        for progress in loop.train(engine, dataset, experiment.training):
            if progress.done == stop_after:
                break
        run.save(experiment, engine.state(), Counted(hits=progress.hits_in_epoch))
    result = start.resume(run, silent, then)
    assert result["n_trained"] == 24
    assert differing(arrays(run), arrays(whole)) == []


def test_metrics_of_a_resumed_run_count_the_hits_of_the_whole_epoch(unbroken, tmp_path):
    experiment, whole, _ = unbroken
    run, dataset = RunFolder.create(tmp_path / "run", experiment), load_data(experiment)
    with registry.make("twin", experiment.network, initial_state(experiment.network)) as engine:
        engine.chunk = 7
        for progress in loop.train(engine, dataset, experiment.training):
            run.save(experiment, engine.state(), Counted(hits=progress.hits_in_epoch))
            if progress.done == 19:
                break
    start.resume(run, silent, "twin")
    last = [record for record in run.read_metrics() if record["kind"] == "epoch"][-1]
    expected = [record for record in whole.read_metrics() if record["kind"] == "epoch"][-1]
    assert (last["train_accuracy"], last["test_accuracy"]) == (expected["train_accuracy"], expected["test_accuracy"])


def test_rail_touches_that_stock_lava_does_not_count_are_none_and_stay_so_in_a_resumed_run(unbroken, tmp_path):
    experiment, _, counted = unbroken
    with registry.make("stock", experiment.network, initial_state(experiment.network)) as stock:
        assert stock.seen().rail_touches is None
    first = replace(experiment, training=Training(1))
    run = RunFolder.create(tmp_path / "run", first)
    started = start.start(first, load_data(first), run, silent, "stock")
    resumed = start.resume(run, silent, "twin", epochs=2)
    epochs = [record for record in run.read_metrics() if record["kind"] == "epoch"]
    assert [record["rail_touches"] for record in (started, resumed, *epochs, json.loads(run.result.read_text()))] == [None] * 5
    assert compare.rows([run.path])[0]["rail_touches"] is None
    assert "rail touches: not counted\n" in report(started, run) and "rail touches: not counted\n" in report(resumed, run)
    assert "rail touches: not counted\n" not in report(counted, run) and counted["rail_touches"] is not None


def test_rail_touches_of_two_parts_are_added_and_unknown_where_one_part_is():
    assert touches.add({}, {"W1": 2}) == {"W1": 2} and touches.add({"W1": 1}, {"W1": 2}) == {"W1": 3}
    assert touches.add(None, {"W1": 2}) is touches.add({"W1": 2}, None) is None
    assert (touches.total({"W1": 2, "M1": 3}), touches.text(touches.total(None))) == (5, "not counted")
    assert (touches.summary({"W1": 0}), touches.summary({"W1": 0, "M1": 3})) == ("none", "{'M1': 3}")


def start_command(*arguments, **options):
    return subprocess.Popen([sys.executable, "-m", "lava_opzo", *map(str, arguments)], cwd=ROOT, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def wait_for(path, seconds=30):
    deadline = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} does not appear"
        time.sleep(0.02)


@pytest.mark.parametrize("after", [0.0, 0.4, 0.9])
def test_a_run_killed_with_sigkill_resumes_to_the_bits_of_an_unbroken_run(tmp_path, after):
    config, experiment = write_tiny_run(tmp_path, n_train=40, epochs=12)
    command = start_command("train", "--config", config, "--engine", "lava", "--out", tmp_path / "run")
    wait_for(tmp_path / "run" / "checkpoint.safetensors")
    time.sleep(after)
    command.kill()
    command.communicate()
    run = RunFolder(tmp_path / "run")
    if checkpoint.load(run.checkpoint)[1].n_trained < 480:
        start.resume(run, silent, "twin")
    whole = RunFolder.create(tmp_path / "whole", experiment)
    start.start(experiment, load_data(experiment), whole, silent, "twin")
    assert differing(arrays(run), arrays(whole)) == []


def test_ctrl_c_saves_says_how_to_go_on_and_exits_with_130(tmp_path):
    config, _ = write_tiny_run(tmp_path, n_train=40, epochs=200)
    command = start_command("train", "--config", config, "--engine", "lava", "--out", tmp_path / "run", "--json")
    wait_for(tmp_path / "run" / "checkpoint.safetensors")
    command.send_signal(signal.SIGINT)
    output, errors = command.communicate(timeout=30)
    result = json.loads(output.splitlines()[-1])
    assert command.returncode == 130 and result["interrupted"] and "Traceback" not in errors
    assert f"lava-opzo resume {tmp_path / 'run'}" in errors
    assert checkpoint.load(tmp_path / "run" / "checkpoint.safetensors")[1].n_trained == result["n_trained"]


def test_a_full_disk_leaves_the_last_checkpoint_whole(unbroken, tmp_path, monkeypatch):
    experiment, whole, _ = unbroken
    run = RunFolder.create(tmp_path / "run", experiment)
    state = initial_state(experiment.network)
    run.save(experiment, state)
    before = run.checkpoint.read_bytes()

    def no_space(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(UserError, match="No space left"):
        run.save(experiment, checkpoint.load(whole.checkpoint)[1])
    assert run.checkpoint.read_bytes() == before
    assert sorted(path.name for path in run.path.iterdir()) == [".lock", "checkpoint.safetensors", "config.toml"]


def test_a_run_folder_is_never_overwritten(unbroken):
    experiment, run, _ = unbroken
    with pytest.raises(UserError, match="holds a run already"):
        RunFolder.create(run.path, experiment)


@pytest.mark.parametrize("damage", ["truncated", "foreign", "edited experiment"])
def test_a_damaged_checkpoint_is_refused_with_the_reason(unbroken, tmp_path, damage):
    content = unbroken[1].checkpoint.read_bytes()
    damaged = {"truncated": content[:-100], "foreign": b"PK" + content[2:],
               "edited experiment": content.replace(b"epochs = 2", b"epochs = 3")}[damage]
    (tmp_path / "checkpoint.safetensors").write_bytes(damaged)
    with pytest.raises(UserError, match="cannot be read" if damage != "edited experiment" else "was edited"):
        checkpoint.load(tmp_path / "checkpoint.safetensors")


def test_a_checkpoint_of_another_network_is_refused(unbroken, tmp_path):
    experiment, run, _ = unbroken
    _, state, counted = checkpoint.load(run.checkpoint)
    state.arrays["W1.weights"] = state["W1.weights"][:, :-1].copy()
    with pytest.raises(UserError, match="W1.weights has shape"):
        checkpoint.save(tmp_path / "wrong.safetensors", experiment, state, counted)


def test_the_order_of_samples_is_a_permutation_that_seed_and_epoch_determine():
    first, again, other = (presentation.epoch_order(Training(2, seed), epoch, 50) for seed, epoch in ((3, 0), (3, 0), (3, 1)))
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert sorted(first) == list(range(50))
