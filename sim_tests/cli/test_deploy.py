"""`lava-opzo deploy` from a shell: its steps, modes and engines, and how it ends where something is wrong."""
import json
import os
import signal
from pathlib import Path

import pytest

from lava_opzo.engines.lava.plugins import REHEARSAL
from lava_opzo.runs import checkpoint
from sim_tests.helpers.commands import DEPLOY, assert_one_line, command, deploy, started, wait_for
from sim_tests.helpers.tiny_run import write_tiny_run


@pytest.fixture
def tiny(tmp_path):
    return write_tiny_run(tmp_path, n_train=8)[0]


def test_deploy_learns_in_the_simulator_through_all_steps_and_prints_its_target_first_and_json_last(tiny, tmp_path):
    process = command(tiny, "--out", tmp_path / "run", "--json", script=DEPLOY)
    assert process.code == 0, process.errors
    assert process.errors.splitlines()[0] == ("simulator: Lava Loihi2SimCfg, fixed_pt, event-driven LearningDense (equal bits); "
                        "no Loihi 2 here (lava-loihi is not installed)")
    result = json.loads(process.output)
    assert list(result) == ["target", "plan", "preflight", "verify", "map", "run", "compare", "report"]
    assert result["run"]["n_trained"] == 16 and result["compare"]["differing"] == result["verify"]["differing"] == 0
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        ".lock", "config.toml", "checkpoint.safetensors", "checkpoint.previous.safetensors", "start.safetensors", "metrics.jsonl",
        "result.json", "run.png", "report.html"}
    assert result["report"] == str(tmp_path / "run" / "report.html")
    assert process.errors.splitlines()[-1] == f"report: {result['report']}"


@pytest.mark.parametrize("options", [("--mode", "in-the-loop"), ("--engine", "stock"), ("--engine", "twin")])
def test_every_mode_and_engine_ends_with_the_bits_of_the_twin(tiny, tmp_path, options):
    process = deploy(tiny, "--out", tmp_path / "run", *options, "--no-report")
    assert process.code == 0, process.errors
    assert "to the same bits in every array" in process.output


def test_deploy_learns_in_real_numbers_which_go_by_their_old_name_too(tiny, tmp_path):
    process = deploy(tiny, "--out", tmp_path / "run", "--model", "floating_pt", "--json", "--no-report")
    assert process.code == 0, process.errors
    assert process.errors.startswith("simulator: Lava Loihi2SimCfg, floating_pt, LearningDense in real numbers")
    assert json.loads(process.output.splitlines()[-1])["run"]["n_trained"] == 16


def test_deploy_does_the_steps_that_are_asked_for(tiny, tmp_path):
    process = command("deploy", tiny, "--from", "preflight", "--until", "map", "--json")
    assert list(json.loads(process.output.splitlines()[-1])) == ["target", "preflight", "verify", "map"]


def test_deploy_goes_on_from_a_run_folder_and_compares_it(tiny, tmp_path):
    assert deploy(tiny, "--out", tmp_path / "first", "--no-report").code == 0
    more = deploy(tmp_path / "first", "--epochs", 3, "--out", tmp_path / "second", "--no-report")
    assert more.code == 0 and "the same 24 samples" in more.output, more.errors
    again = deploy(tmp_path / "second", "--from", "compare")
    assert again.code == 0 and "the same 24 samples" in again.output, again.errors


@pytest.mark.parametrize("options, reason, written", [
    (("--mode", "in-the-loop", "--gate", "count"), "gate 'count'", 'gate = "count"'),
    (("--number", "real", "--engine", "twin"), "number real", 'number = "real"')])
def test_a_run_without_an_integer_twin_says_so_of_itself_when_it_is_compared_later(tiny, tmp_path, options, reason, written):
    run = deploy(tiny, "--from", "run", "--until", "run", "--out", tmp_path / "run", *options, "--no-report")
    assert run.code == 0, run.errors
    later = deploy(tmp_path / "run", "--from", "compare")
    line = later.output.splitlines()[-1]
    assert later.code == 0 and line.startswith("compare: skipped, ") and reason in line, later
    assert_one_line(deploy(tmp_path / "run", "--from", "compare", *options), 2, options[0], "without effect")
    assert written in (tmp_path / "run" / "config.toml").read_text()


def test_a_gate_that_only_the_in_the_loop_mode_has_is_refused_elsewhere_in_one_line(tiny, tmp_path):
    assert_one_line(deploy(tiny, "--gate", "count", "--out", tmp_path / "run"), 2, "gate 'count'", "in-the-loop")
    tiny.write_text(tiny.read_text().replace('gate = "psi"', 'gate = "count"'))
    for arguments in (("train", "--config", tiny, "--out", tmp_path / "run"), ("verify", "--config", tiny)):
        assert_one_line(command(*arguments), 2, "gate 'count'")
    assert not (tmp_path / "run").exists()


def test_weights_in_real_numbers_are_not_taken_for_integers(tiny, tmp_path):
    assert command("train", "--config", tiny, "--number", "real", "--out", tmp_path / "run").code == 0
    assert_one_line(deploy(tmp_path / "run", "--number", "fixed", "--epochs", 3), 2, "real")


def test_a_rehearsal_takes_plug_ins_by_name_in_the_simulator(tiny, tmp_path):
    plugins = [part for name, dotted in REHEARSAL.items() for part in ("--plugin", f"{name}={dotted}")]
    process = deploy(tiny, "--out", tmp_path / "run", *plugins, "--no-report")
    assert process.code == 0 and "to the same bits" in process.output, process.errors


def test_a_board_without_lava_loihi_is_refused_in_one_line_with_exit_code_3():
    process = deploy("--target", "loihi2")
    assert_one_line(process, 3, "lava-loihi is not installed", "is_installed()")
    assert len(process.errors.strip().splitlines()) == 1


def test_a_simulator_that_dies_in_mid_run_ends_in_one_line_with_exit_code_4_and_the_checkpoint_stays(tiny, tmp_path):
    tiny.write_text(tiny.read_text().replace("epochs = 2", "epochs = 2000"))
    process = started(tiny, "--from", "run", "--out", tmp_path / "run", script=DEPLOY)
    try:
        kept = tmp_path / "run" / "checkpoint.safetensors"
        wait_for(lambda: kept.exists() and checkpoint.n_trained(kept) >= 8)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(int(children[-1]), signal.SIGKILL)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 4 and "Traceback" not in errors
    assert errors.strip().splitlines()[-1].startswith("error: a Lava process failed: process ")
    assert checkpoint.load(tmp_path / "run" / "checkpoint.safetensors")[1].n_trained >= 8
