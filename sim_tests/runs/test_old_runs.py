"""Run folders that version 0.1 wrote are read: they resume to its bits and to its figures, and every command takes them.

sim_tests/old_run/fixed and real are runs of 2 epochs, interrupted after 128 of 200 samples; fixed.safetensors and fixed.jsonl are
checkpoint and metrics of the same run without the interruption.
"""
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from safetensors.numpy import load_file

from lava_opzo.errors import FileWarning, UserError
from lava_opzo.experiment import experiment as experiments
from lava_opzo.runs import checkpoint, start
from lava_opzo.runs.compare import differing
from lava_opzo.runs.folder import RunFolder

ROOT = Path(__file__).parents[2]
OLD = ROOT / "sim_tests" / "old_run"
NAMES = {"weights.1": "W1.weights", "weights.2": "W2.weights", "weights.3": "W3.weights", "feedback.1": "M1.weights",
         "feedback.2": "M2.weights", "z_state.1": "hidden1.z_state", "z_state.2": "hidden2.z_state",
         "y_residual.1": "hidden1.y_residual", "y_residual.2": "hidden2.y_residual", "y_residual.3": "readout.y_residual",
         "d_residual": "readout.d_residual"}


def silent(progress, text):
    pass


def epochs(file):
    """The lines of the epochs of a metrics.jsonl, without the values that version 0.1 wrote as {} where nothing was counted, and
    without the checksums, which it did not write."""
    records = [json.loads(line) for line in file.read_text().splitlines()]
    return [{key: value or None for key, value in record.items() if key != "crc32"} for record in records
            if record["kind"] == "epoch"]


@pytest.mark.parametrize("number", ["fixed", "real"])
def test_an_old_run_goes_on_to_the_bits_and_the_metrics_of_the_unbroken_old_run(tmp_path, number):
    shutil.copytree(OLD / number, tmp_path / "run")
    run = RunFolder(tmp_path / "run")
    result = start.resume(run, silent, "twin")
    assert result["n_trained"] == 200 and not result["interrupted"]
    experiment, state, counted = checkpoint.load(run.checkpoint)
    whole = {NAMES[name]: array for name, array in load_file(OLD / f"{number}.safetensors").items()}
    assert differing(state.arrays, whole) == [] and experiment.number == number
    assert epochs(run.metrics) == epochs(OLD / f"{number}.jsonl")
    assert (counted.touches is None, counted.largest is None) == (number == "real",) * 2


def test_the_new_checkpoint_of_an_old_run_has_the_new_format_and_the_old_one_stays_readable(tmp_path):
    old = checkpoint.load(OLD / "fixed" / "checkpoint.safetensors")
    checkpoint.save(tmp_path / "new.safetensors", *old)
    new = checkpoint.load(tmp_path / "new.safetensors")
    assert (new[0], new[2], differing(new[1].arrays, old[1].arrays), new[1].n_trained) == (old[0], old[2], [], 128)
    assert b"lava-opzo checkpoint 4" in (tmp_path / "new.safetensors").read_bytes()


@pytest.mark.parametrize("number", ["fixed", "real"])
def test_an_old_config_is_the_experiment_of_its_checkpoint(number):
    assert experiments.load(OLD / number / "config.toml") == checkpoint.load(OLD / number / "checkpoint.safetensors")[0]


def test_an_old_checkpoint_whose_experiment_was_edited_is_refused(tmp_path):
    content = (OLD / "fixed" / "checkpoint.safetensors").read_bytes()
    assert b"epochs = 2" in content
    (tmp_path / "edited.safetensors").write_bytes(content.replace(b"epochs = 2", b"epochs = 3"))
    with pytest.raises(UserError, match="was edited"):
        checkpoint.load(tmp_path / "edited.safetensors")


@pytest.mark.parametrize("arguments", [("evaluate",), ("plot",), ("compare", OLD / "real")], ids=lambda value: value[0])
def test_every_command_takes_an_old_run_folder(tmp_path, arguments):
    shutil.copytree(OLD / "fixed", tmp_path / "run")
    command, *others = arguments
    process = subprocess.run([sys.executable, "-m", "lava_opzo", command, str(tmp_path / "run"), *map(str, others)], cwd=ROOT,
                             text=True, capture_output=True, timeout=120)
    assert process.returncode == 0 and process.stdout.strip(), process.stderr


def test_more_epochs_that_an_old_resume_left_in_the_checkpoint_alone_come_into_the_config_with_a_warning(tmp_path):
    shutil.copytree(OLD / "fixed", tmp_path / "run")
    run = RunFolder(tmp_path / "run")
    run.config.write_text(run.config.read_text().replace("epochs = 2", "epochs = 1"))
    with pytest.warns(FileWarning, match="is of before the last change; it was written again from the checkpoint"):
        assert start.resume(run, silent, "twin")["n_trained"] == 200
    assert experiments.load(run.config) == checkpoint.load(run.checkpoint)[0]
