"""A board report: everything that a board answered in one file, and nothing else that a machine knows."""
import json

import pytest

from lava_opzo.board.acceptance import target as targets
from lava_opzo.board.scrub import NAMED, SHOWN, environment, without_paths
from lava_opzo.deployment.environment import VARIABLES
from lava_opzo.errors import SimulationError
from sim_tests.helpers.commands import assert_one_line, called
from sim_tests.helpers.tiny_run import write_tiny_run

SECRET = "hush-4711"


class FailingBench:
    """A board that answers nothing."""

    name = "a board"

    def lif(self, experiment):
        raise SimulationError(f"no answer in /home/{SECRET}/board.py", f'File "/opt/{SECRET}/driver.py"\nOSError: gone')


def test_a_report_packs_answers_profile_comparison_versions_and_no_secret(tmp_path, monkeypatch):
    folder = tmp_path / SECRET
    folder.mkdir()
    config, experiment = write_tiny_run(folder, epochs=1)
    for name, value in {"LAVA_TOKEN": SECRET, "NXSDKHOST": SECRET, "NXOPTIONS": f"--key={SECRET}", "HOME": f"/home/{SECRET}",
                        "USER": SECRET, "PARTITION": "kp"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(targets, "checks_of", lambda target: targets.CHECKS[5:6])
    monkeypatch.setattr("lava_opzo.cli.board_report.ENGINES", ("twin", "oracle"))
    out = folder / "report.json"
    assert "1 checks, 0 answered otherwise" in called("board-report", config, "--samples", "2", "--out", out).output
    text = out.read_text()
    content = json.loads(text)
    assert SECRET not in text and str(tmp_path) not in text
    assert content["environment"] == {"PARTITION": "kp", "NXSDKHOST": "set", "NXOPTIONS": "set"}
    assert content["acceptance"][0]["answer"] == "255, back to 253; -256" and content["profile"]["weight_max"] == 255
    assert content["verify"]["differing"] == 0 < content["verify"]["compared"] and content["failed"] == []
    assert content["experiment_sha256"] == experiment.hash and "path" not in content["experiment"]["data"]
    assert content["versions"]["lava-nc"] == "0.10.0" and content["versions"]["lava-loihi"] == "not installed"
    assert_one_line(called("board-report", config, "--out", out), 2, "exists; choose a new file name")
    assert out.read_text() == text


def test_a_report_takes_answers_from_files_and_keeps_a_first_difference_without_its_command(tmp_path):
    config, _ = write_tiny_run(tmp_path, epochs=1)
    checks, compared = tmp_path / "acceptance.json", tmp_path / "verify.json"
    checks.write_text(json.dumps({"checks": [{"check": "f", "answer": "254, back to 252; -256", "same": False}]}))
    first = {"sample": 3, "step": 8, "part": "hidden1", "replay": f"lava-opzo verify --config {config}"}
    compared.write_text(json.dumps({"compared": 10, "differing": 1, "first_difference": first, "ranges": {"v": {}}}))
    files = ("--acceptance", checks, "--verify", compared, "--out", tmp_path / "report.json")
    assert "1 checks, 1 answered otherwise; 10 values compared, 1 differ" in called("board-report", config, *files).output
    content = json.loads((tmp_path / "report.json").read_text())
    assert content["verify"] == {"compared": 10, "differing": 1, "first_difference": {"sample": 3, "step": 8, "part": "hidden1"}}
    assert (content["profile"]["weight_max"], content["profile"]["name"]) == (254, "measured")
    (tmp_path / "report.json").unlink()
    compared.write_text("[1, 2")
    assert_one_line(called("board-report", config, *files), 2, "not what a command prints under --json")
    assert_one_line(called("board-report", config, *files, "--samples", "3"), 2, "--verify leaves --samples without effect")


def test_a_part_that_fails_is_in_the_report_and_the_rest_is_too(tmp_path, monkeypatch):
    config, _ = write_tiny_run(tmp_path, epochs=1)
    monkeypatch.setattr(targets, "open_bench", lambda target, bench: FailingBench())
    (tmp_path / "verify.json").write_text(json.dumps({"compared": 5, "differing": 0}))
    files = ("--verify", tmp_path / "verify.json", "--out", tmp_path / "report.json")
    assert "1 parts failed" in called("board-report", config, *files).output
    text = (tmp_path / "report.json").read_text()
    content = json.loads(text)
    assert content["acceptance"] == [] and content["verify"]["compared"] == 5 and "no rails" in content["profile"]
    (failed,) = content["failed"]
    assert failed.startswith("acceptance: no answer in .../board.py") and "OSError: gone" in failed and SECRET not in text


@pytest.mark.parametrize("text, expected", [
    ("in /home/ann/x.py, line 3", "in .../x.py, line 3"), ("see docs/board.md section 9", "see docs/board.md section 9"),
    ("~/runs/one failed", ".../one failed"), ("u/v and 3/4", "u/v and 3/4"), ("my folder/run and a", ".../run and a"),
    ('File "/my data/of ann.npz"', 'File ".../of ann.npz"'), ("at /home/ann, /home/ann/x", "at ~, .../x"),
    ('File "/ann\'s own/x.py", line 3', 'File ".../x.py", line 3'), ("bare /my data/two.npz", "bare .../two.npz")])
def test_texts_lose_all_of_a_path_but_its_last_part(text, expected):
    said = without_paths({text: [text, 3, None]}, ["my folder/run", "run", "/my data/two.npz"])
    assert said == {expected: [expected, 3, None]}


def test_every_variable_of_a_board_is_told_or_named_and_no_other():
    assert {*SHOWN, *NAMED} == set(VARIABLES) and not {*SHOWN} & {*NAMED}
    assert environment({"PATH": "x", "BOARD": "", "SLURM": "1", "HOST_BINARY": "/y"}) == {"SLURM": "1", "HOST_BINARY": "set"}
