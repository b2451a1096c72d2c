"""A run folder has one writer at a time, two whole checkpoints, and never an older one in the place of a newer one."""
import os
import threading
import warnings

import pytest

from lava_opzo.errors import FileWarning, UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.network.initial import initial_state
from lava_opzo.runs import checkpoint
from lava_opzo.runs.folder import RunFolder
from sim_tests.helpers.networks import small_network

NETWORK = small_network(hidden=(3,), n_in=3, n_out=2)
EXPERIMENT = Experiment(Data("npz", "samples.npz"), NETWORK, Training(2))


def state(n_trained):
    start = initial_state(NETWORK)
    start.n_trained = n_trained
    return start


def learned(path):
    return checkpoint.load(path)[1].n_trained


def test_the_last_two_checkpoints_are_kept_and_each_is_whole(tmp_path):
    run = RunFolder.create(tmp_path / "run", EXPERIMENT)
    for n_trained in (0, 32, 40):
        run.save(EXPERIMENT, state(n_trained))
    assert (learned(run.previous), learned(run.checkpoint)) == (32, 40)
    run.save(EXPERIMENT, state(40))
    assert (learned(run.previous), learned(run.checkpoint)) == (32, 40), "a second save of the same samples keeps the older one"


def test_a_checkpoint_is_there_at_every_moment_of_a_save(tmp_path, monkeypatch):
    run = RunFolder.create(tmp_path / "run", EXPERIMENT, state(1))
    seen, replace, link = [], os.replace, os.link
    for name, real in (("replace", replace), ("link", link)):
        def watched(source, target, real=real):
            seen.append(learned(run.checkpoint))
            real(source, target)
            seen.append(learned(run.checkpoint))
        monkeypatch.setattr(os, name, watched)
    run.save(EXPERIMENT, state(2))
    assert seen == [1, 1, 1, 1, 1, 2]


@pytest.mark.parametrize("fails_at", range(3))
def test_a_save_that_the_disk_refuses_at_any_step_leaves_the_newest_one(tmp_path, monkeypatch, fails_at):
    run = RunFolder.create(tmp_path / "run", EXPERIMENT, state(1))
    run.save(EXPERIMENT, state(2))
    calls = iter(range(10))

    def refusing(real):
        def call(*arguments):
            if next(calls) >= fails_at:
                raise OSError(28, "No space left on device")
            return real(*arguments)
        return call

    for name in ("fsync", "link", "replace"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))
    with warnings.catch_warnings(), pytest.raises(UserError, match="No space left"):
        warnings.simplefilter("ignore", FileWarning)
        run.save(EXPERIMENT, state(3))
    monkeypatch.undo()
    assert learned(run.checkpoint) == 2 and learned(run.previous) in (1, 2)
    run.save(EXPERIMENT, state(3))
    assert learned(run.checkpoint) == 3 and not [path for path in run.path.iterdir() if path.suffix == ".aside"]


def test_a_disk_without_hard_links_keeps_both_too(tmp_path, monkeypatch):
    def refused(source, target):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    run = RunFolder.create(tmp_path / "run", EXPERIMENT, state(1))
    run.save(EXPERIMENT, state(2))
    assert (learned(run.previous), learned(run.checkpoint)) == (1, 2)


def test_a_name_that_is_taken_for_the_one_before_does_not_lose_the_newest(tmp_path):
    run = RunFolder.create(tmp_path / "run", EXPERIMENT, state(1))
    run.previous.mkdir()
    with pytest.warns(FileWarning, match="previous.safetensors: .*Is a directory.*the checkpoint before is not kept"):
        run.save(EXPERIMENT, state(2))
    assert learned(run.checkpoint) == 2 and not list(run.path.glob("*.aside"))


def test_a_newer_checkpoint_is_never_replaced_by_an_older_one(tmp_path):
    run = RunFolder.create(tmp_path / "run", EXPERIMENT, state(40))
    with pytest.raises(UserError, match="has learned 40 samples, more than the 39 of this run; it stays"):
        run.save(EXPERIMENT, state(39))
    assert learned(run.checkpoint) == 40


def test_a_damaged_checkpoint_never_takes_the_place_of_the_one_before(tmp_path):
    run = RunFolder.create(tmp_path / "run", EXPERIMENT, state(1))
    run.save(EXPERIMENT, state(2))
    run.checkpoint.write_bytes(b"damaged")
    run.save(EXPERIMENT, state(3))
    assert (learned(run.previous), learned(run.checkpoint)) == (1, 3)


def test_a_folder_that_is_held_refuses_every_other_writer_and_names_the_holder(tmp_path):
    run = RunFolder.create(tmp_path / "run", EXPERIMENT)
    with run.held(), run.held():
        for write in (lambda other: other.save(EXPERIMENT, state(1)), lambda other: other.add_metrics({}),
                      lambda other: other.write_result({}), lambda other: other.write_config(EXPERIMENT)):
            with pytest.raises(UserError, match=f"process {os.getpid()} on .* is at work in it"):
                write(RunFolder(run.path))
        run.save(EXPERIMENT, state(1))
    RunFolder(run.path).save(EXPERIMENT, state(2))


def test_of_many_that_make_one_folder_at_once_exactly_one_wins(tmp_path):
    outcomes = []

    def make():
        try:
            RunFolder.create(tmp_path / "run", EXPERIMENT)
            outcomes.append("made")
        except UserError as error:
            outcomes.append("one line" if "holds a run already" in str(error) or "is at work" in str(error) else str(error))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made"] + ["one line"] * 7


@pytest.mark.parametrize("name", ["config.toml", "checkpoint.safetensors", "checkpoint.previous.safetensors", "metrics.jsonl",
                                  "result.json", "run.png"])
def test_a_folder_with_any_file_of_a_run_is_refused_and_stays_as_it_is(tmp_path, name):
    (tmp_path / name).write_bytes(b"of another run")
    with pytest.raises(UserError, match=f"holds a run already \\({name}\\)"):
        RunFolder.create(tmp_path, EXPERIMENT)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(name, b"of another run")]


@pytest.mark.parametrize("path, words", [
    ("file/run", "a file stands where a folder should be"), ("x" * 300, "choose a shorter name"),
    ("file", "choose another path")])
def test_a_folder_that_cannot_be_made_is_one_line(tmp_path, path, words):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=words):
        RunFolder.create(tmp_path / path, EXPERIMENT)
    with pytest.raises(UserError, match="run folder"), RunFolder(tmp_path / path).held():
        pass
