"""Whatever ended a run, `resume` goes on to the bits of an unbroken one, finishes what is missing, or says in a line why not."""
import json

import pytest

from lava_opzo.errors import FileWarning, UserError
from lava_opzo.experiment import experiment as experiments
from lava_opzo.runs import checkpoint, resuming, start
from lava_opzo.runs.compare import rows
from lava_opzo.runs.folder import RunFolder
from lava_opzo.runs.pace import Pace
from sim_tests.helpers.begun_run import Ended, ending, is_whole, resumed, silent, state


def test_the_start_is_saved_before_the_first_sample(tiny, tmp_path):
    run = RunFolder.create(tmp_path / "run", tiny.experiment)

    def make(network, begin, rows):
        assert state(run).n_trained == 0
        raise Ended

    with pytest.raises(Ended):
        start.go_on(tiny.experiment, tiny.dataset, run, silent, make, "nowhere")
    resumed(run)
    assert is_whole(run, tiny.run)


def test_a_run_that_ended_before_any_checkpoint_starts_from_its_config(tiny, tmp_path):
    run = RunFolder.create(tmp_path / "run", tiny.experiment)
    run.add_metrics({"kind": "progress", "n_trained": 32, "epoch": 1, "accuracy": 0.5, "samples_per_s": 1.0})
    resumed(run)
    assert is_whole(run, tiny.run)
    counting, all_lines = run.read_metrics(), run.metrics.read_text()
    assert [line["n_trained"] for line in counting if line["kind"] == "progress"] == [40, 80] and '"n_trained": 32' in all_lines


def test_lines_of_samples_that_no_checkpoint_held_are_kept_in_the_file_and_count_no_more(begun, tiny):
    begun.add_metrics({"kind": "progress", "n_trained": 64, "epoch": 2, "accuracy": 0.5, "samples_per_s": 1.0})
    begun.metrics.write_bytes(begun.metrics.read_bytes() + b'\xff{"torn')
    before = begun.metrics.read_bytes()
    _, warned = resumed(begun)
    assert is_whole(begun, tiny.run) and begun.metrics.read_bytes().startswith(before) and "is damaged" in warned[0]
    assert [line["n_trained"] for line in begun.read_metrics() if line["kind"] == "progress"] == [40, 80]


def test_a_checkpoint_is_saved_when_its_time_has_come(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(Pace, "due", property(lambda pace: True))
    run = RunFolder.create(tmp_path / "run", tiny.experiment)
    with pytest.raises(Ended):
        start.start(tiny.experiment, tiny.dataset, run, ending(32), "twin")
    assert state(run).n_trained == 32


def test_a_disk_that_refuses_the_metrics_ends_in_a_line_and_keeps_what_was_learned(tiny, tmp_path, monkeypatch):
    run = RunFolder.create(tmp_path / "run", tiny.experiment)

    def refused(folder, record):
        raise UserError("metrics: No space left on device; free space")

    monkeypatch.setattr(RunFolder, "add_metrics", refused)
    with pytest.raises(UserError, match="No space left"):
        start.start(tiny.experiment, tiny.dataset, run, silent, "twin")
    assert state(run).n_trained == 32
    monkeypatch.undo()
    resumed(run)
    assert is_whole(run, tiny.run)


def test_the_checkpoint_before_is_gone_on_from_where_the_last_is_damaged(begun, tiny):
    assert checkpoint.load(begun.previous)[1].n_trained == 0
    with pytest.raises(UserError, match="is whole and newer than the one before it; leave --from-previous out"):
        resumed(begun, from_previous=True)
    damaged = begun.checkpoint.read_bytes()[:-1] + b"?"
    begun.checkpoint.write_bytes(damaged)
    with pytest.raises(UserError, match="sha256 differs.*lava-opzo resume .* --from-previous"):
        resumed(begun)
    assert begun.checkpoint.read_bytes() == damaged
    resumed(begun, from_previous=True)
    assert is_whole(begun, tiny.run) and begun.path.joinpath("checkpoint.damaged.safetensors").read_bytes() == damaged


def test_a_missing_checkpoint_is_not_taken_for_a_run_that_never_began(begun):
    begun.checkpoint.unlink()
    with pytest.raises(UserError, match="has no checkpoint.safetensors, but the one before it: .* --from-previous"):
        resumed(begun)
    with pytest.raises(UserError, match="has begun already"):
        start.start(experiments.load(begun.config), None, begun, silent, "twin")


def test_a_folder_without_a_run_is_one_line(tmp_path):
    with pytest.raises(UserError, match="holds no run"):
        resuming.kept(RunFolder(tmp_path))
    with pytest.raises(UserError, match="No such file"):
        resumed(RunFolder(tmp_path / "nowhere"))


def test_two_resumes_at_once_are_one_and_a_line(begun):
    with begun.held(), pytest.raises(UserError, match="is at work in it"):
        resumed(RunFolder(begun.path))
    resumed(RunFolder(begun.path), 30)
    with pytest.raises(UserError, match="all 80 samples of 2 epochs are learned"):
        resumed(RunFolder(begun.path), 2)
    assert state(begun).n_trained == 1200


def failing(run, dataset):
    raise RuntimeError("no canvas\nat all")


def drawing(run, dataset):
    run.picture.write_bytes(b"picture")


def test_a_picture_that_cannot_be_drawn_is_a_warning_and_resume_draws_it(begun):
    result, warned = resumed(begun, draw=failing)
    assert json.loads(begun.result.read_text()) == result
    assert warned == [f"{begun.picture}: cannot be drawn: no canvas at all; result and weights are whole, draw it later with: "
                      f"lava-opzo plot {begun.path}"]
    again, warned = resumed(begun, draw=drawing)
    assert again == result | {"completed": ["run.png"]} and not warned and begun.picture.read_bytes() == b"picture"
    with pytest.raises(UserError, match="all 80 samples of 2 epochs are learned; give more with --epochs"):
        resumed(begun, draw=drawing)


@pytest.mark.parametrize("content", [None, b"{", b"[]", b'{"seconds": 3}', b"\xff"])
def test_a_result_that_is_missing_or_damaged_is_written_again(tiny, begun, content):
    result, _ = resumed(begun)
    begun.result.unlink() if content is None else begun.result.write_bytes(content)
    again, _ = resumed(begun)
    times = {"seconds": None if content != b'{"seconds": 3}' else 3, "samples_per_s": None}
    assert again == result | times | {"completed": ["result.json"]}
    assert json.loads(begun.result.read_text()) == result | times


def test_a_lost_line_of_the_last_epoch_is_measured_again(begun):
    result, _ = resumed(begun)
    lines = begun.metrics.read_bytes().splitlines(keepends=True)
    begun.metrics.write_bytes(b"".join(lines[:-1]))
    again, _ = resumed(begun)
    assert again == result | {"completed": ["metrics.jsonl"]} and begun.metrics.read_bytes().splitlines(keepends=True) == lines


def test_metrics_that_cannot_be_read_leave_a_run_comparable(begun, tiny):
    begun.metrics.unlink()
    begun.metrics.mkdir()
    with pytest.warns(FileWarning, match="is a folder.*its test accuracy is left out"):
        (row,) = rows([begun.path])
    assert row["test_accuracy"] is None and row["n_trained"] == 40
