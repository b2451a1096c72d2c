"""A sweep runs every member to the bits of a run of its own, whatever fails, interrupts or kills it in between."""
import csv
import json
import os
import signal
import statistics
from pathlib import Path

import pytest

from lava_opzo.errors import UserError
from lava_opzo.runs import checkpoint, compare, start
from lava_opzo.runs.folder import RunFolder
from lava_opzo.sweep import grid, run, table
from lava_opzo.sweep.folder import SweepFolder
from sim_tests.helpers.commands import command, started, wait_for
from sim_tests.helpers.sweeps import differing, statuses, write_sweep


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("swept")
    file = write_sweep(folder, 'seeds = [1, 2, 3]\n[sweep.parameters]\n"network.readout.error_shift" = [6, 8]')
    code, output, errors = command("sweep", file, "--jobs", 2, "--out", folder / "out", "--json")
    return folder, code, output, errors


def test_every_member_has_the_bits_of_a_run_of_its_own(swept):
    folder, code, output, errors = swept
    assert code == 0, errors
    assert output.count("\n") == 1 and errors.startswith("twin: compiled integers") and "6 members, 6 to run" in errors
    sweep_folder = SweepFolder.open(folder / "out")
    assert set(statuses(sweep_folder).values()) == {"done"} and differing(folder, sweep_folder) == []


def test_the_table_has_mean_and_sample_deviation_of_each_combination(swept):
    folder, _, output, errors = swept
    result = json.loads(output)
    for group, shift in zip(result["groups"], (6, 8), strict=True):
        members = [row for row in result["members"] if row["parameters"] == {"network.readout.error_shift": shift}]
        tested = [RunFolder(row["run"]).read_metrics()[-1]["test_accuracy"] for row in members]
        assert len(set(tested)) > 1 and tested == [row["test_accuracy"] for row in members]
        assert group["mean"] == pytest.approx(statistics.mean(tested)) and group["std"] == pytest.approx(statistics.stdev(tested))
        assert (group["done"], group["min"], group["max"]) == (3, min(tested), max(tested))
        counted = [checkpoint.load(RunFolder(row["run"]).checkpoint)[2] for row in members]
        assert group["rail_touches"] == sum(sum(part.touches.values()) for part in counted)
        assert f"{100 * statistics.mean(tested):.2f}" in errors and f"{100 * statistics.stdev(tested):.2f}" in errors


def test_the_same_table_is_in_the_folder_and_printed_again_without_running(swept):
    folder, _, output, errors = swept
    result = json.loads(output)
    kept = json.loads((folder / "out" / "sweep.json").read_text())
    assert kept == {name: result[name] for name in ("sweep", "members", "groups")}
    rows = list(csv.DictReader((folder / "out" / "sweep.csv").open()))
    assert [(row["network.readout.error_shift"], float(row["mean"]), float(row["std"])) for row in rows] == [
        (str(group["parameters"]["network.readout.error_shift"]), group["mean"], group["std"]) for group in kept["groups"]]
    code, shown, _ = command("sweep", "--show", folder / "out")
    assert code == 0 and shown.strip() and shown in errors
    assert json.loads(command("sweep", "--show", folder / "out", "--json")[1]) == kept


def test_members_are_run_folders_for_the_other_commands(swept):
    folder = swept[0]
    runs = [folder / "out" / f"p1-seed{seed}" for seed in (1, 2)]
    assert [row["seed"] for row in compare.rows(runs)] == [1, 2]
    code, output, _ = command("evaluate", runs[0], "--json")
    assert code == 0 and json.loads(output.splitlines()[-1])["accuracy"] == compare.rows(runs[:1])[0]["test_accuracy"]


def test_a_sweep_that_is_done_runs_nothing_again(swept):
    folder, _, output, _ = swept
    saved = {path: path.stat().st_mtime_ns for path in (folder / "out").glob("*/checkpoint.safetensors")}
    code, again, errors = command("sweep", folder / "sweep.toml", "--out", folder / "out", "--json")
    assert code == 0 and "6 members, 0 to run" in errors
    assert saved == {path: path.stat().st_mtime_ns for path in saved}
    assert json.loads(again) == json.loads(output)


@pytest.mark.parametrize("old, new", [("[6, 8]", "[6, 9]"), ("[1, 2, 3]", "[1, 2]"), ('"tiny.toml"', '"other.toml"')])
def test_another_sweep_is_refused_in_the_same_folder(swept, old, new):
    folder = swept[0]
    (folder / "other.toml").write_text((folder / "tiny.toml").read_text().replace("epochs = 2", "epochs = 3"))
    (folder / "changed.toml").write_text((folder / "sweep.toml").read_text().replace(old, new))
    with pytest.raises(UserError, match="holds another sweep .* choose another --out"):
        SweepFolder.create(folder / "out", grid.load(folder / "changed.toml"))


def test_folders_that_hold_something_else_or_were_edited_are_refused(tmp_path):
    sweep = grid.load(write_sweep(tmp_path, "seeds = [1]"))
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").touch()
    with pytest.raises(UserError, match="holds something else"):
        SweepFolder.create(tmp_path / "notes", sweep)
    with pytest.raises(UserError, match="has no sweep.toml"):
        SweepFolder.open(tmp_path / "notes")
    sweep_folder = SweepFolder.create(tmp_path / "out", sweep)
    config = sweep_folder.run(sweep.members[0]).config
    config.write_text(config.read_text().replace("epochs = 2", "epochs = 3"))
    assert SweepFolder.create(tmp_path / "out", sweep).sweep is sweep, "a member that was resumed for more epochs is no other one"
    config.write_text(config.read_text().replace("order_seed = 0", "order_seed = 1"))
    with pytest.raises(UserError, match="was edited"):
        SweepFolder.create(tmp_path / "out", sweep)


@pytest.mark.parametrize("old, new, arguments, fragments", [
    ("[1, 0]", "[1]", ("--engine", "gpu"), ("engine 'gpu'",)),
    ("[sweep]", "[sweep]\nnumber = 'floating'", (), ("number = 'floating'", "'fixed' or 'real'")),
    ("[sweep]", "[sweep]\nmodel = 'floating'", (), ("number = 'floating'", "'fixed' or 'real'")),
    ("", "", (), ("training.epochs = 0",)),
])
def test_a_refused_sweep_leaves_no_folder(tmp_path, old, new, arguments, fragments):
    file = write_sweep(tmp_path, '[sweep.parameters]\n"training.epochs" = [1, 0]')
    file.write_text(file.read_text().replace(old, new))
    code, _, errors = command("sweep", file, "--out", tmp_path / "out", *arguments)
    assert code == 2 and errors.startswith("error: ") and not (tmp_path / "out").exists()
    assert all(fragment in errors for fragment in fragments), errors


@pytest.mark.parametrize("arguments, fragments", [
    ((), ("FILE", "--show")),
    (("sweep.toml", "--no-wait"), ("--slurm",)),
    (("none.toml",), ("none.toml", "cannot be read")),
    (("--show", "nowhere"), ("nowhere", "has no sweep.toml")),
], ids=str)
def test_wrong_arguments_end_in_one_line_and_exit_code_2(arguments, fragments):
    code, _, errors = command("sweep", *arguments)
    assert code == 2 and errors.startswith("error: ") and all(fragment in errors for fragment in fragments), errors


def test_a_member_that_fails_stops_no_other_and_is_tried_again(tmp_path):
    missing = tmp_path / "missing.npz"
    file = write_sweep(tmp_path, f'seeds = [1]\n[sweep.parameters]\n"data.path" = ["{missing}", "{tmp_path / "data.npz"}"]')
    sweep_folder = SweepFolder.create(tmp_path / "out", grid.load(file))  # as if its data went after they were checked
    assert not run.run_here(sweep_folder, "twin", 2)
    content = table.summary(sweep_folder)
    failed, done = content["members"]
    assert (failed["status"], done["status"]) == ("failed", "done")
    assert str(missing) in failed["reason"] and str(missing) in Path(failed["log"]).read_text()
    assert [(group["done"], group["members"], group["mean"] is None) for group in content["groups"]] == [
        (0, 1, True), (1, 1, False)]
    code, output, _ = command("sweep", "--show", tmp_path / "out")
    assert code == 0 and f"failed: p1-seed1: {failed['reason']} (log: {failed['log']})" in output
    kept = (tmp_path / "out" / "p2-seed1" / "checkpoint.safetensors").stat().st_mtime_ns
    (tmp_path / "data.npz").rename(missing)
    code, output, _ = command("sweep", file, "--out", tmp_path / "out", "--jobs", 2)
    assert code == 0 and "2 members, 1 to run" in output and "failed" not in output
    assert (tmp_path / "out" / "p2-seed1" / "checkpoint.safetensors").stat().st_mtime_ns == kept


def children(process):
    """Processes that run members of a sweep, by member."""
    found = {}
    for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        arguments = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        if "lava_opzo.sweep.child" in arguments:
            found[Path(arguments[-3]).name] = int(pid)
    return found


def test_a_member_killed_with_sigkill_is_reported_with_its_signal_and_goes_on_with_equal_bits(tmp_path):
    file = write_sweep(tmp_path, "seeds = [1, 2]", epochs=60)
    process = started("sweep", file, "--out", tmp_path / "out", "--jobs", 2, "--json")
    wait_for((tmp_path / "out" / "p1-seed1" / "checkpoint.safetensors").exists)
    os.kill(children(process)["p1-seed1"], signal.SIGKILL)
    output, _ = process.communicate(timeout=60)
    rows = json.loads(output.splitlines()[-1])["members"]
    assert process.returncode == 1 and [row["status"] for row in rows] == ["failed", "done"]
    assert rows[0]["reason"] == "killed by SIGKILL"
    sweep_folder = SweepFolder.create(tmp_path / "out", grid.load(file))
    assert not run.run_here(sweep_folder, "twin", 1)
    assert differing(tmp_path, sweep_folder) == []


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_sweep_that_is_interrupted_or_killed_takes_its_children_along_and_goes_on_with_equal_bits(tmp_path, number, code):
    file = write_sweep(tmp_path, "seeds = [1, 2]", epochs=60)
    process = started("sweep", file, "--out", tmp_path / "out", "--jobs", 2)
    checkpoints = [tmp_path / "out" / f"p1-seed{seed}" / "checkpoint.safetensors" for seed in (1, 2)]
    wait_for(lambda: all(path.exists() for path in checkpoints))
    pids = children(process).values()
    process.send_signal(number)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == code and "Traceback" not in errors
    if code == 130:
        assert f"go on with: lava-opzo sweep {file} --out {tmp_path / 'out'} --jobs 2" in output
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), 20)
    sweep_folder = SweepFolder.open(tmp_path / "out")
    assert statuses(sweep_folder) == {f"p1-seed{seed}": "unfinished" for seed in (1, 2)}
    saved = checkpoint.load(checkpoints[0])[1].n_trained
    assert saved < 40 * 60
    first_run = RunFolder(checkpoints[0].parent)
    learned = [record for record in first_run.read_metrics() if record["n_trained"] <= saved]
    assert not run.run_here(sweep_folder, "twin", 2)
    assert first_run.read_metrics()[:len(learned)] == learned, "samples were learned again"
    assert set(statuses(sweep_folder).values()) == {"done"} and differing(tmp_path, sweep_folder) == []


def test_a_sweep_folder_is_worked_on_by_one_sweep_at_a_time(tmp_path):
    sweep_folder = SweepFolder.create(tmp_path / "out", grid.load(write_sweep(tmp_path, "seeds = [1]")))
    with sweep_folder.locked(), pytest.raises(UserError, match=f"process {os.getpid()} on .* is at work in it"):
        run.run_here(sweep_folder, "twin", 1)


def test_a_member_whose_checkpoint_is_another_runs_is_reported(swept, tmp_path):
    sweep_folder = SweepFolder.create(tmp_path / "out", grid.load(write_sweep(tmp_path, "seeds = [1]")))
    (tmp_path / "out" / "p1-seed1" / "checkpoint.safetensors").write_bytes(
        (swept[0] / "out" / "p1-seed1" / "checkpoint.safetensors").read_bytes())
    run.run_here(sweep_folder, "twin", 1)
    (row,) = table.summary(sweep_folder)["members"]
    assert row["status"] == "failed" and "is not of the experiment in" in row["reason"]


def test_a_member_that_was_trained_further_by_hand_keeps_the_result_of_its_own_epochs(swept):
    folder = swept[0]
    sweep_folder = SweepFolder.open(folder / "out")
    before = table.summary(sweep_folder)
    start.resume(RunFolder(folder / "out" / "p2-seed3"), lambda progress, text: None, "twin", 5)
    assert table.summary(sweep_folder) == before


@pytest.mark.parametrize("number", ['number = "real"', 'model = "floating_pt"'])
def test_a_sweep_in_real_numbers_trains_every_member_in_them_and_in_nothing_else(tmp_path, number):
    file = write_sweep(tmp_path, f'{number}\nseeds = [1]', n_train=8, epochs=1)
    sweep_folder = SweepFolder.create(tmp_path / "out", grid.load(file))
    assert not run.run_here(sweep_folder, "lava", 1) and statuses(sweep_folder) == {"p1-seed1": "done"}
    assert checkpoint.load(sweep_folder.run(sweep_folder.sweep.members[0]).checkpoint)[0].number == "real"
    file.write_text(file.read_text().replace(number, 'number = "fixed"'))
    with pytest.raises(UserError, match="holds another sweep"):
        SweepFolder.create(tmp_path / "out", grid.load(file))


def test_where_a_member_is_comes_from_the_last_whole_line_of_its_kind(tmp_path):
    folder = RunFolder(tmp_path)
    assert folder.last_metrics(("progress",)) is None
    line = {"kind": "progress", "epoch": 1, "accuracy": 0.5, "samples_per_s": 2.0}
    for number in range(3000):
        folder.add_metrics({**line, "n_trained": number})
    folder.add_metrics({"kind": "layers", "n_trained": 3000, "spike_rates": [], "alignment": []})
    with folder.metrics.open("a") as file:
        file.write('{"kind": "progress", "n_tr')
    assert folder.last_metrics(("progress", "epoch")) == {**line, "n_trained": 2999}
    assert folder.last_metrics(("epoch",)) is None


def test_a_kind_of_credit_that_the_engine_lacks_is_refused_before_any_folder_is_made(tmp_path):
    file = write_sweep(tmp_path, '[sweep.parameters]\n"network.learning.credit.kind" = ["opzo", "backprop"]')
    code, _, errors = command("sweep", file, "--out", tmp_path / "sweep")
    assert code == 2 and "credit 'backprop'" in errors and not (tmp_path / "sweep").exists()
