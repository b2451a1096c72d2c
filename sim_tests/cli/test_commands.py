"""Commands from a shell: first line, JSON, exit codes; and every bad input ends in one clear line before Lava starts."""
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from lava_opzo.runs import checkpoint
from sim_tests.helpers.tiny_run import write_tiny_run

ROOT = Path(__file__).parents[1]


def command(*arguments, script=("-m", "lava_opzo")):
    return subprocess.run([sys.executable, *script, *map(str, arguments)], cwd=ROOT, text=True, capture_output=True, timeout=120)


def deploy(*arguments):
    return command(*arguments, script=("deploy/to_loihi.py",))


def assert_one_line(process, code, *fragments):
    lines = process.stderr.strip().splitlines()
    assert process.returncode == code, process.stderr
    assert lines[-1].startswith("error: ") and "Traceback" not in process.stderr
    assert all(fragment in process.stderr for fragment in fragments), process.stderr


@pytest.fixture
def tiny(tmp_path):
    return write_tiny_run(tmp_path)[0]


def test_deploy_learns_in_the_simulator_through_all_steps_and_prints_its_target_first_and_json_last(tiny, tmp_path):
    process = deploy(tiny, "--out", tmp_path / "run", "--json")
    lines = process.stdout.splitlines()
    assert process.returncode == 0, process.stderr
    assert lines[0] == ("simulator: Lava Loihi2SimCfg, fixed_pt, event-driven LearningDense (equal bits); "
                        "no Loihi 2 here (lava-loihi is not installed)")
    result = json.loads(lines[-1])
    assert list(result) == ["target", "plan", "preflight", "verify", "map", "run", "compare"]
    assert result["run"]["n_trained"] == 80 and result["compare"]["differing"] == result["verify"]["differing"] == 0
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "config.toml", "checkpoint.safetensors", "start.safetensors", "metrics.jsonl", "result.json", "run.png"}


@pytest.mark.parametrize("options", [("--mode", "in-the-loop"), ("--engine", "stock"), ("--engine", "twin")])
def test_every_mode_and_engine_ends_with_the_bits_of_the_twin(tiny, tmp_path, options):
    process = deploy(tiny, "--out", tmp_path / "run", *options)
    assert process.returncode == 0, process.stderr
    assert "to the same bits in every array" in process.stdout


def test_deploy_learns_in_floating_point(tiny, tmp_path):
    process = deploy(tiny, "--out", tmp_path / "run", "--model", "floating_pt", "--json")
    assert process.returncode == 0, process.stderr
    assert process.stdout.startswith("simulator: Lava Loihi2SimCfg, floating_pt, stock LearningDense")
    assert json.loads(process.stdout.splitlines()[-1])["run"]["n_trained"] == 80


def test_deploy_does_the_steps_that_are_asked_for(tiny, tmp_path):
    process = deploy(tiny, "--from", "preflight", "--until", "map", "--json")
    assert list(json.loads(process.stdout.splitlines()[-1])) == ["target", "preflight", "verify", "map"]


def test_deploy_goes_on_from_a_run_folder_and_compares_it(tiny, tmp_path):
    assert deploy(tiny, "--out", tmp_path / "first").returncode == 0
    more = deploy(tmp_path / "first", "--epochs", 3, "--out", tmp_path / "second")
    assert more.returncode == 0 and "the same 120 samples" in more.stdout, more.stderr
    again = deploy(tmp_path / "second", "--from", "compare")
    assert again.returncode == 0 and "the same 120 samples" in again.stdout, again.stderr


@pytest.mark.parametrize("options, learned_with", [(("--mode", "in-the-loop", "--gate", "count"), "gate count"),
                                                   (("--model", "floating_pt", "--engine", "twin"), "model floating_pt")])
def test_a_run_without_an_integer_twin_says_so_of_itself_when_it_is_compared_later(tiny, tmp_path, options, learned_with):
    run = deploy(tiny, "--from", "run", "--until", "run", "--out", tmp_path / "run", *options)
    assert run.returncode == 0, run.stderr
    for more in ((), options):
        later = deploy(tmp_path / "run", "--from", "compare", *more)
        assert later.returncode == 0 and f"compare: skipped, the run learned with {learned_with}, " in later.stdout, later.stderr
    name, _, value = learned_with.partition(" ")
    assert f'{name} = "{value}"' in (tmp_path / "run" / "config.toml").read_text()


def test_a_gate_that_only_the_in_the_loop_mode_has_is_refused_elsewhere_in_one_line(tiny, tmp_path):
    assert_one_line(deploy(tiny, "--gate", "count", "--out", tmp_path / "run"), 2, "gate 'count'", "--mode in-the-loop")
    tiny.write_text('gate = "count"\n' + tiny.read_text().replace('gate = "psi"\n', ""))
    for arguments in (("train", "--config", tiny, "--out", tmp_path / "run"), ("verify", "--config", tiny)):
        assert_one_line(command(*arguments), 2, "gate 'count'", "--mode in-the-loop")
    assert not (tmp_path / "run").exists()


def test_weights_in_real_numbers_are_not_taken_for_integers(tiny, tmp_path):
    assert command("train", "--config", tiny, "--model", "floating_pt", "--out", tmp_path / "run").returncode == 0
    assert_one_line(deploy(tmp_path / "run", "--model", "fixed_pt", "--epochs", 3), 2, "holds a floating-point network")


def test_a_rehearsal_takes_plug_ins_by_name_in_the_simulator(tiny, tmp_path):
    from lava_opzo.engines.lava.plugins import REHEARSAL

    plugins = [part for name, dotted in REHEARSAL.items() for part in ("--plugin", f"{name}={dotted}")]
    process = deploy(tiny, "--out", tmp_path / "run", *plugins)
    assert process.returncode == 0 and "to the same bits" in process.stdout, process.stderr


def test_a_board_without_lava_loihi_is_refused_in_one_line_with_exit_code_3():
    process = deploy("--target", "loihi2")
    assert_one_line(process, 3, "lava-loihi is not installed", "is_installed()")
    assert len(process.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("old, new, fragments", [
    ("vth = 900", "vth = 140000", ("layer 'hidden1'", "140000", "131071", "17 bits")),
    ("steps = 5", "steps = 0", ("steps 0", "1..1024")),
    ("steps = 5", "steps = 5\nfoo = 1", ("unknown key 'network.foo'",)),
    ("n = 14", "n = 0", ("layer 'hidden1'", "n 0")),
    ("n_in = 10", "n_in = 11", ("n_in 11", "10 lines")),
    ("w_sigma = 24.0", "w_sigma = nan", ("w_sigma nan",)),
    ("decay_period = 4", "decay_period = 6", ("decay_period 6", "power of two")),
    ("epochs = 2", "epochs = 0", ("epochs 0",)),
    ('name = "npz"', 'name = "nothing"', ("data set 'nothing'",)),
    ("[training]", "[training", ("not a TOML file",)),
], ids=lambda value: value if isinstance(value, str) else "")
def test_a_wrong_config_ends_in_one_line_and_exit_code_2(tiny, old, new, fragments):
    text = tiny.read_text()
    assert old in text
    tiny.write_text(text.replace(old, new, 1))
    assert_one_line(deploy(tiny), 2, *fragments)


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
    assert_one_line(deploy(tiny), 2, *fragments)


@pytest.mark.parametrize("arguments", [
    ("train", "--dataset", "mnist"), ("train", "--hidden", "a,b"), ("train", "--engine", "gpu"),
    ("train", "--dataset", "npz", "--data", "/nowhere.npz"),
    ("resume", "/nowhere"), ("evaluate", "/nowhere"), ("plot", "/nowhere"), ("compare", "/nowhere"),
], ids=" ".join)
def test_a_command_with_wrong_arguments_ends_in_one_line_and_exit_code_2(arguments):
    assert_one_line(command(*arguments), 2)


def test_train_evaluate_plot_and_compare_work_together(tiny, tmp_path):
    for name in ("a", "b"):
        assert command("train", "--config", tiny, "--out", tmp_path / name).returncode == 0
    evaluated = command("evaluate", tmp_path / "a", "--json")
    assert json.loads(evaluated.stdout.splitlines()[-1])["samples"] == 10
    (tmp_path / "a" / "run.png").unlink()
    assert command("plot", tmp_path / "a").returncode == 0 and (tmp_path / "a" / "run.png").exists()
    rows = json.loads(command("compare", tmp_path / "a", tmp_path / "b", "--json").stdout)
    assert [row["differing"] for row in rows] == [[], []]


def test_a_run_with_validation_is_tested_on_held_back_training_samples_and_stays_so(tiny, tmp_path):
    arrays = dict(np.load(tmp_path / "data.npz"))
    np.savez(tmp_path / "data.npz", frames=arrays["frames"], labels=arrays["labels"], test_frames=arrays["frames"][:3],
             test_labels=arrays["labels"][:3])
    configured = ("--config", tiny)
    chosen = ("--dataset", "npz", "--data", tmp_path / "data.npz", "--epochs", 2)
    for i, source in enumerate((configured, chosen)):
        trained = command("train", *source, "--validation", 12, "--out", tmp_path / f"{i}", "--json")
        assert json.loads(trained.stdout.splitlines()[-1])["n_trained"] == 2 * (40 - 12), trained.stderr
        evaluated = command("evaluate", tmp_path / f"{i}", "--json")
        assert json.loads(evaluated.stdout.splitlines()[-1])["samples"] == 12
        assert "validation = 12" in (tmp_path / f"{i}" / "config.toml").read_text()
    assert_one_line(command("train", *configured, "--validation", 40), 2, "validation 40 is outside 0..39")


def test_a_finished_run_is_not_resumed_without_more_epochs(tiny, tmp_path):
    assert command("train", "--config", tiny, "--out", tmp_path / "run").returncode == 0
    assert_one_line(command("resume", tmp_path / "run"), 2, "--epochs")
    assert command("resume", tmp_path / "run", "--epochs", 3).returncode == 0


def test_help_is_quick_and_imports_no_engine():
    code = ("import sys; from lava_opzo.cli.app import application; application();"
            "print([name for name in ('torch', 'tonic', 'lava.magma', 'numba', 'matplotlib', 'h5py', 'nir') if name in sys.modules])")
    process = subprocess.run([sys.executable, "-c", code], cwd=ROOT, text=True, capture_output=True, timeout=60)
    assert process.stdout.strip() == "[]", process.stdout + process.stderr
    start = time.monotonic()
    assert command("--help").returncode == 0
    assert time.monotonic() - start < 5


def test_a_simulator_that_dies_in_mid_run_ends_in_one_line_with_exit_code_4_and_the_checkpoint_stays(tiny, tmp_path):
    tiny.write_text(tiny.read_text().replace("epochs = 2", "epochs = 2000"))
    process = subprocess.Popen([sys.executable, "deploy/to_loihi.py", tiny, "--from", "run", "--out", tmp_path / "run"], cwd=ROOT,
                               text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 60
        while not (tmp_path / "run" / "checkpoint.safetensors").exists():
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.05)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(int(children[-1]), signal.SIGKILL)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 4 and "Traceback" not in errors
    assert errors.strip().splitlines()[-1].startswith("error: a Lava process failed: process ")
    assert checkpoint.load(tmp_path / "run" / "checkpoint.safetensors")[1].n_trained >= 40
