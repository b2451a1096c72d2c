"""Commands from a shell: first line, JSON, exit codes; and every bad input ends in one clear line before anything starts."""
import json
import time

import numpy as np
import pytest

from lava_opzo import __version__
from sim_tests.helpers.commands import MODULE, assert_one_line, command
from sim_tests.helpers.tiny_run import write_tiny_run

HEAVY = ("torch", "tonic", "lava.magma", "numba", "numpy", "pydantic", "matplotlib", "h5py", "nir")


@pytest.fixture
def tiny(tmp_path):
    return write_tiny_run(tmp_path)[0]


@pytest.mark.parametrize("old, new, fragments", [
    ("vth = 900", "vth = 140000", ("population 'hidden1'", "140000", "131071", "17 bits")),
    ("steps = 5", "steps = 0", ("steps 0", "1..1024")),
    ("steps = 5", "steps = 5\nfoo = 1", ("unknown key 'network.learning.foo'",)),
    ("n = 14", "n = 0", ("population 'hidden1'", "n 0")),
    ("n_in = 10", "n_in = 11", ("n_in 11", "10 lines")),
    ("    24.0,", "    nan,", ("connection 'W1'", "sigma nan")),
    ("    24.0,", "", ("sigma has 2 values, 3 are needed",)),
    ('kind = "opzo"', 'kind = "hebb"', ("kind 'hebb'", "'opzo', 'dfa'")),
    ("decay_period = 4", "decay_period = 6", ("decay_period 6", "power of two")),
    ("epochs = 2", "epochs = 0", ("epochs 0",)),
    ('name = "npz"', 'name = "nothing"', ("data set 'nothing'",)),
    ("[training]", "[training", ("not a TOML file",)),
], ids=lambda value: value if isinstance(value, str) else "")
def test_a_wrong_config_ends_in_one_line_and_exit_code_2(tiny, old, new, fragments):
    text = tiny.read_text()
    assert old in text
    tiny.write_text(text.replace(old, new, 1))
    assert_one_line(command("train", "--config", tiny), 2, *fragments)


@pytest.mark.parametrize("change, fragments", [
    ({"labels": np.full(40, -1)}, ("labels", "-1")),
    ({"labels": np.arange(39) % 4}, ("labels", "40")),
    ({"frames": np.full((40, 1, 9), np.nan)}, ("frames",)),
    ({"frames": np.full((40, 1, 9), 16)}, ("frames", "16")),
    ({"frames": np.zeros((40, 9))}, ("frames", "shape")),
    ({"frames": np.zeros((0, 1, 9)), "labels": np.zeros(0, int)}, ("frames",)),
], ids=["label out of range", "labels missing", "NaN", "payload out of range", "wrong shape", "empty"])
def test_wrong_data_ends_in_one_line_and_exit_code_2(tiny, tmp_path, change, fragments):
    arrays = dict(np.load(tmp_path / "data.npz"))
    np.savez(tmp_path / "data.npz", **{**arrays, **change})
    assert_one_line(command("train", "--config", tiny), 2, *fragments)


@pytest.mark.parametrize("arguments", [
    ("train", "--dataset", "mnist"), ("train", "--hidden", "a,b"), ("train", "--hidden", "0"), ("train", "--engine", "gpu"),
    ("train", "--dataset", "npz", "--data", "/nowhere.npz"),
    ("resume", "/nowhere"), ("evaluate", "/nowhere"), ("plot", "/nowhere"), ("compare", "/nowhere"),
], ids=" ".join)
def test_a_command_with_wrong_arguments_ends_in_one_line_and_exit_code_2(arguments):
    assert_one_line(command(*arguments), 2)


def test_train_evaluate_plot_and_compare_work_together(tiny, tmp_path):
    for name in ("a", "b"):
        assert command("train", "--config", tiny, "--out", tmp_path / name).code == 0
    evaluated = command("evaluate", tmp_path / "a", "--json")
    assert json.loads(evaluated.output.splitlines()[-1])["samples"] == 10
    (tmp_path / "a" / "run.png").unlink()
    assert command("plot", tmp_path / "a").code == 0 and (tmp_path / "a" / "run.png").exists()
    rows = json.loads(command("compare", tmp_path / "a", tmp_path / "b", "--json").output)
    assert [row["differing"] for row in rows] == [[], []]


def test_a_run_with_validation_is_tested_on_held_back_training_samples_and_stays_so(tiny, tmp_path):
    arrays = dict(np.load(tmp_path / "data.npz"))
    np.savez(tmp_path / "data.npz", frames=arrays["frames"], labels=arrays["labels"], test_frames=arrays["frames"][:3],
             test_labels=arrays["labels"][:3])
    configured = ("--config", tiny)
    chosen = ("--dataset", "npz", "--data", tmp_path / "data.npz", "--epochs", 2)
    for i, source in enumerate((configured, chosen)):
        trained = command("train", *source, "--validation", 12, "--out", tmp_path / f"{i}", "--json")
        assert json.loads(trained.output.splitlines()[-1])["n_trained"] == 2 * (40 - 12), trained.errors
        evaluated = command("evaluate", tmp_path / f"{i}", "--json")
        assert json.loads(evaluated.output.splitlines()[-1])["samples"] == 12
        assert "validation = 12" in (tmp_path / f"{i}" / "config.toml").read_text()
    assert_one_line(command("train", *configured, "--validation", 40), 2, "validation 40 is outside 0..39")


def test_a_finished_run_is_not_resumed_without_more_epochs(tiny, tmp_path):
    assert command("train", "--config", tiny, "--out", tmp_path / "run").code == 0
    assert_one_line(command("resume", tmp_path / "run"), 2, "--epochs")
    assert command("resume", tmp_path / "run", "--epochs", 3).code == 0


def test_help_is_quick_and_imports_nothing_that_computes():
    code = ("import sys; from lava_opzo.cli.app import application; application();"
            f"print([name for name in {HEAVY} if name in sys.modules])")
    assert command(script=("-c", code)).output.strip() == "[]"
    start = time.monotonic()
    assert command("--help", script=MODULE).code == 0
    assert time.monotonic() - start < 5


def test_the_version_is_printed():
    assert command("--version") == (0, f"lava-opzo {__version__}\n", "")


def test_completion_for_the_shell_is_offered():
    assert "--install-completion" in command("--help").output


@pytest.mark.parametrize("given", [("--number", "real"), ("--model", "real"), ("--model", "floating_pt")], ids=" ".join)
def test_number_is_taken_under_its_old_name_and_values_too(tiny, tmp_path, given):
    assert command("train", "--config", tiny, *given, "--out", tmp_path / "run").output.startswith("twin: compiled real numbers")
    assert 'number = "real"' in (tmp_path / "run" / "config.toml").read_text()
    assert_one_line(command("train", "--config", tiny, "--number", "double"), 2, "number 'double' is not one of fixed, real")
