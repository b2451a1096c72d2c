"""Whatever is damaged in a sweep folder: the table is printed, going on mends it or says why in one line; no pickle is read."""
import json
import os
import pickle
import shutil
from pathlib import Path

import pytest

from lava_opzo.errors import UserError
from lava_opzo.sweep import data, failures, grid, jobs_file, local, run, table
from lava_opzo.sweep.cluster import Jobs
from lava_opzo.sweep.folder import SweepFolder
from lava_opzo.sweep.jobs_file import Submitted
from sim_tests.helpers.commands import called
from sim_tests.helpers.sweeps import statuses, write_sweep


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A sweep of one member that is done."""
    folder = tmp_path_factory.mktemp("finished")
    sweep_folder = run.prepared(folder / "out", grid.load(write_sweep(folder, "seeds = [1]", epochs=1)))
    assert not run.run_here(sweep_folder, "twin", 1) and statuses(sweep_folder) == {"p1-seed1": "done"}
    return folder


@pytest.fixture
def out(finished, tmp_path):
    """A copy of its folder."""
    shutil.copytree(finished / "out", tmp_path / "out")
    return tmp_path / "out"


def replaced(path: Path, content: str | bytes) -> None:
    """Put a file, a folder or a named pipe in the place of what stands at `path`."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    if content == "pipe":
        os.mkfifo(path)
    elif content == "folder":
        path.mkdir()
    else:
        path.write_bytes(content)


@pytest.mark.filterwarnings("ignore::lava_opzo.errors.FileWarning")
@pytest.mark.parametrize("content", ["pipe", "folder", b"", b"\xff\x00", b"[1]", b'{"reason": 5, "log": null}', b"[" * 100_000],
                         ids=lambda content: str(content)[:30])
@pytest.mark.parametrize("name", ["logs/p1-seed1.failed", "logs/p1-seed1.log", "p1-seed1/metrics.jsonl",
                                  "p1-seed1/checkpoint.safetensors", "p1-seed1/config.toml", "p1-seed1", "logs", "sweep.json"])
def test_the_table_of_a_damaged_folder_is_printed_with_every_member(out, name, content):
    replaced(out / name, content)
    code, output, errors = called("sweep", "--show", out, "--json")
    (member,) = json.loads(output)["members"]
    assert code == 0 and "Traceback" not in errors and member["status"] in ("done", "failed", "unfinished")
    assert (member["status"] == "done") == (name not in ("p1-seed1", "p1-seed1/metrics.jsonl", "p1-seed1/checkpoint.safetensors"))


@pytest.mark.parametrize("content", ["pipe", "folder", b"", b"\xff\x00", b"[sweep]", b"a." * 5000 + b"a = 1"],
                         ids=lambda content: str(content)[:30])
@pytest.mark.parametrize("name", ["sweep.toml", "p1-seed1/config.toml", "p1-seed1", "logs", "sweep.csv", ".lock"])
def test_going_on_in_a_damaged_folder_works_or_is_refused_in_one_line(finished, out, name, content):
    replaced(out / name, content)
    code, _, errors = called("sweep", finished / "sweep.toml", "--out", out, "--json")
    lines = [line for line in errors.splitlines() if line.startswith("error: ")]
    assert "Traceback" not in errors and (code, len(lines)) in [(0, 0), (2, 1), (6, 1)], (code, errors)


def test_a_damaged_reason_says_so_and_a_missing_one_is_none(tmp_path):
    path = failures.path_of(tmp_path, "p1-seed1")
    assert failures.read(path) is None
    failures.write(path, "first\nsecond", tmp_path / "log")
    assert failures.read(path) == {"reason": "first second", "log": str(tmp_path / "log")}
    path.write_text(path.read_text()[:-1])
    assert failures.read(path) == {"reason": f"unknown, {path} is damaged; run the sweep again", "log": str(path)}


def test_the_last_line_of_a_log_comes_from_its_end_alone_and_of_no_log_is_empty(tmp_path):
    log = tmp_path / "log"
    log.write_bytes(b"earlier\n" + b"x" * 100_000 + b"\nlast \xff\n")
    assert local.last_line(log) == "last \ufffd" and local.last_line(log, log.stat().st_size) == ""
    assert local.last_line(tmp_path) == local.last_line(tmp_path / "none") == ""


def test_a_sweep_whose_data_are_missing_or_do_not_fit_starts_nothing_and_leaves_no_folder(finished, tmp_path):
    file = finished / "other.toml"
    for old, new, words in (("data.npz", "none.npz", "none.npz"), ("n_in", "n_in", "n_in")):
        text = (finished / "tiny.toml").read_text().replace(old, new)
        (finished / "base.toml").write_text(text if old != new else text.replace("n_in = ", "n_in = 1"))
        file.write_text('base = "base.toml"\n[sweep]\nseeds = [1, 2]')
        with pytest.raises(UserError, match=f"^member p1-seed1: .*{words}"):
            run.prepared(tmp_path / "new", grid.load(file))
        assert not (tmp_path / "new").exists()


def test_data_that_differ_in_their_seed_alone_are_loaded_once(finished, tmp_path, monkeypatch):
    loaded = []
    monkeypatch.setattr(data, "load_data", loaded.append)
    file = finished / "seeds.toml"
    file.write_text('base = "tiny.toml"\n[sweep]\nseeds = [1, 2]\n[sweep.parameters]\n"data.seed" = [1, 2, 3]')
    data.check(grid.load(file).members)
    assert len(loaded) == 1


def test_what_a_sweep_left_that_was_killed_at_once_is_no_other_folder(finished, tmp_path):
    folder = tmp_path / "begun"
    (folder / "logs").mkdir(parents=True)
    (folder / ".lock").touch()
    (folder / ".sweep.toml.1.aside").touch()
    SweepFolder.create(folder, grid.load(finished / "sweep.toml"))


JOBS = Submitted("cluster-0123abcd", "slurm", {"p1-seed1": "71_0"})


def test_jobs_are_kept_and_read_again_and_the_file_goes_with_the_last_one(tmp_path):
    path = tmp_path / "jobs.json"
    (tmp_path / JOBS.folder).mkdir(0o700)
    jobs_file.write(path, JOBS)
    assert jobs_file.read("sweep", path, {"p1-seed1"}, {"slurm"}) == JOBS
    jobs_file.write(path, Submitted(JOBS.folder, JOBS.cluster, {}))
    assert not path.exists() and jobs_file.read("sweep", path, {"p1-seed1"}, {"slurm"}) is None


@pytest.mark.parametrize("change", [
    {"folder": "../elsewhere"}, {"folder": "/tmp"}, {"folder": 5}, {"cluster": "debug"}, {"cluster": []}, {"jobs": {}},
    {"jobs": {"p1-seed1": 71}}, {"jobs": {"p1-seed1": "71; rm"}}, {"jobs": ["p1-seed1"]}, {"jobs": {"p9-seed9": "71_0"}},
    {"more": 1}], ids=str)
def test_an_edited_file_of_jobs_is_refused_in_one_line(tmp_path, change):
    path = tmp_path / "jobs.json"
    (tmp_path / JOBS.folder).mkdir(0o700)
    path.write_text(json.dumps(JOBS.__dict__ | change))
    with pytest.raises(UserError, match="^sweep: jobs.json .*cancel them, then remove it$"):
        jobs_file.read("sweep", path, {"p1-seed1"}, {"slurm"})


@pytest.mark.parametrize("kind", ["open to others", "a link", "missing", "somebody else's"])
def test_a_folder_of_submitits_that_others_may_have_written_to_is_refused(tmp_path, monkeypatch, kind):
    path = tmp_path / "jobs.json"
    jobs_file.write(path, JOBS)
    if kind == "a link":
        (tmp_path / "real").mkdir(0o700)
        (tmp_path / JOBS.folder).symlink_to("real")
    elif kind != "missing":
        (tmp_path / JOBS.folder).mkdir(0o700)
        if kind == "open to others":
            (tmp_path / JOBS.folder).chmod(0o770)
        else:
            monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(UserError, match=f"^sweep: {JOBS.folder} (is not a folder that only its owner|cannot be read)"):
        jobs_file.read("sweep", path, {"p1-seed1"}, {"slurm"})


class Planted:
    """A pickle that leaves a mark when it is read."""

    def __init__(self, mark: Path):
        self.mark = mark

    def __reduce__(self):
        return os.mkdir, (str(self.mark),)


def test_a_planted_pickle_is_refused_where_version_0_1_had_one_and_never_read(out, tmp_path):
    (out / "jobs.pkl").write_bytes(pickle.dumps(Planted(tmp_path / "executed")))
    sweep_folder = SweepFolder.open(out)
    for start in (lambda: run.run_here(sweep_folder, "twin", 1), lambda: Jobs(sweep_folder)):
        with pytest.raises(UserError, match="jobs.pkl is of version 0.1 and is never read"):
            start()
    assert not (tmp_path / "executed").exists()


def test_planted_results_of_submitits_are_never_read(out, tmp_path):
    pytest.importorskip("submitit")
    folder = jobs_file.make_folder("sweep", out)
    for name in ("71_0_0_result.pkl", "71_0_submitted.pkl"):
        (folder / name).write_bytes(pickle.dumps(Planted(tmp_path / "executed")))
    jobs_file.write(out / "jobs.json", Submitted(folder.name, "slurm", {"p1-seed1": "71_0"}))
    sweep_folder = SweepFolder.open(out)
    (out / "p1-seed1" / "metrics.jsonl").unlink()
    jobs = Jobs(sweep_folder)
    assert [member.name for member in jobs.step()] == ["p1-seed1"] and not jobs.busy
    (row,) = table.summary(sweep_folder)["members"]
    assert row["status"] == "failed" and row["reason"].startswith("job 71_0 ended without a result")
    assert not (tmp_path / "executed").exists()
