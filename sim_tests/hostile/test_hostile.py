"""A part of the hostile trials ends well; and the trials notice what must not be: this is shown with products that are broken."""
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim_tests.hostile import child, judge, tree
from sim_tests.hostile.child import forked
from sim_tests.hostile.documents import json_edits, toml_edits
from sim_tests.hostile.ended import Ended, Job
from sim_tests.hostile.trial import Outcome

ROOT = Path(__file__).parents[2]


def test_a_part_of_the_hostile_trials_ends_in_results_or_in_one_line():
    ended = subprocess.run([sys.executable, "-m", "sim_tests.hostile", "--part", "--seed", "1"], cwd=ROOT, text=True,
                           capture_output=True, timeout=280)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def raises() -> None:
    raise RuntimeError("broken")


def waits() -> None:
    time.sleep(60)


def leaves_a_process() -> None:
    if os.fork() == 0:
        time.sleep(60)


@pytest.mark.parametrize(("inside", "outcome"), [
    (raises, Outcome.TRACEBACK), (lambda: os.kill(os.getpid(), 9), Outcome.TRACEBACK), (lambda: os._exit(99), Outcome.TRACEBACK),
    (waits, Outcome.HANG), (leaves_a_process, Outcome.HANG), (lambda: os._exit(2), Outcome.UNCLEAR)])
def test_a_command_that_breaks_in_whatever_way_is_noticed(tmp_path, monkeypatch, inside, outcome):
    monkeypatch.setattr(child, "ORPHANS_SECONDS", 0.5)
    seconds = 1 if inside is waits else 60
    found = judge.fault(forked(("--version",), tmp_path, inside, seconds=seconds, limited=False).ended())
    assert found is not None and found.outcome is outcome


def test_a_command_that_works_is_no_fault(tmp_path):
    ended = forked(("--version",), tmp_path, limited=False).ended()
    assert judge.fault(ended) is None and ended.output.startswith("lava-opzo ")


@pytest.mark.parametrize(("arguments", "code", "output", "errors", "outcome"), [
    ((), 2, "", "error: a\n", None), ((), 2, "", "", Outcome.UNCLEAR), ((), 2, "", "error: a\nerror: b\n", Outcome.UNCLEAR),
    ((), 2, "", "error: a\nmore\n", Outcome.UNCLEAR), ((), 0, "", "error: a\n", Outcome.UNCLEAR),
    ((), 70, "", "error: a\n", Outcome.TRACEBACK), ((), -11, "", "", Outcome.TRACEBACK),
    (("--json",), 2, '{"error": "a", "code": 2}\n', "error: a\n", None), (("--json",), 2, "", "error: a\n", Outcome.UNCLEAR),
    (("--json",), 2, '{"error": "a", "code": 3}\n', "error: a\n", Outcome.UNCLEAR), (("--json",), 0, "{}\n", "", None),
    (("--json",), 0, "{}\n{}\n", "", Outcome.UNCLEAR), (("--json",), 0, "text\n", "", Outcome.UNCLEAR)])
def test_exit_codes_lines_and_json_are_judged(arguments, code, output, errors, outcome):
    found = judge.fault(Ended(("lava-opzo", *arguments), code, output, errors, 0.1))
    assert (found and found.outcome) == outcome


def test_a_file_that_was_changed_or_lost_is_named_unless_the_command_may_write_it():
    job = Job("", (), (), writes=("run/a",), grows=("run/m",))
    before: dict[str, bytes | str] = {"run/a": b"1", "run/b": b"1", "run/m": b"1\n"}
    assert judge.changed_file(job, before, {**before, "run/a": b"2", "run/m": b"1\n2\n", "new": b""}, refused=False) == ""
    assert judge.changed_file(job, before, {**before, "run/a": b"2"}, refused=True) == "run/a was changed"
    assert judge.changed_file(job, before, {**before, "run/b": b"2"}, refused=False) == "run/b was changed"
    assert judge.changed_file(job, before, {**before, "run/m": b"2\n"}, refused=False) == "run/m was changed"
    assert judge.changed_file(job, before, {"run/a": b"1", "run/m": b"1\n"}, refused=False) == "run/b was lost"


def test_other_weights_and_lost_epochs_are_named(tmp_path):
    header = b'{"__metadata__": {"n_trained": "7"}, "W": {"dtype": "U8", "shape": [2], "data_offsets": [0, 2]}}'
    (tmp_path / tree.CHECKPOINT).write_bytes(len(header).to_bytes(8, "little") + header + b"ab")
    (tmp_path / tree.METRICS).write_text('{"kind": "epoch", "n_trained": 7, "train_accuracy": 0.5, "test_accuracy": null}\n')
    weights, epochs = tree.weights(tmp_path), tree.epochs(tmp_path)
    assert tree.n_trained(tmp_path) == 7 and epochs == {7: (0.5, None)}
    assert judge.learned_fault(tmp_path, weights, epochs, False) == ""
    assert "epochs" in judge.learned_fault(tmp_path, weights, {**epochs, 14: (0.5, None)}, False)
    (tmp_path / tree.CHECKPOINT).write_bytes(len(header).to_bytes(8, "little") + header + b"ac")
    assert judge.learned_fault(tmp_path, weights, epochs, False) == "learned bits differ: W"


def test_every_key_is_removed_renamed_doubled_and_given_other_values():
    edits = {what: edit("a = 1\n[b]\nc = [2]\n") for what, edit in toml_edits("a = 1\n[b]\nc = [2]\n")}
    assert edits["a removed"] == '[b]\nc = [\n    2,\n]\n' and edits["a doubled"].startswith("a = 1\na = 1\n")
    assert "ax = 1" in edits["a renamed"] and "c = nan" in edits["b.c = nan"] and "true,\n" in edits["b.c.0 = true"]
    edits = {what: edit('{"a": {"b": 1}}') for what, edit in json_edits('{"a": {"b": 1}}')}
    assert (edits["a.b removed"], edits["a.b doubled"], edits["a.b = NaN"]) == (
        '{"a": {}}', '{"a": {"b": 1, "b": 1}}', '{"a": {"b": NaN}}')
