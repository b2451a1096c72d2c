"""The same sweep as jobs: submitit's local executor, and its SLURM executor with a stand-in for sbatch and srun."""
import json
import os
import shutil
import sys

import pytest

from lava_opzo.errors import UserError
from lava_opzo.sweep import grid, run, table
from lava_opzo.sweep.cluster import Jobs, MemberJob
from lava_opzo.sweep.folder import SweepFolder
from sim_tests.helpers import fake_slurm
from sim_tests.helpers.commands import ROOT, command
from sim_tests.helpers.sweeps import differing, statuses, write_sweep


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(Jobs, "poll_seconds", 0.1)


def submit(sweep_folder, wait=True, options=()):
    lines = []
    assert not run.run_on_cluster(sweep_folder, "twin", list(options), None, wait, lines.append, cluster="local")
    return lines


def test_jobs_have_the_bits_of_runs_alone_and_a_failed_one_stops_no_other(tmp_path, quick):
    missing = tmp_path / "missing.npz"
    file = write_sweep(tmp_path, f'[sweep.parameters]\n"data.path" = ["{missing}", "{tmp_path / "data.npz"}"]')
    sweep_folder = SweepFolder.create(tmp_path / "out", grid.load(file))
    (line,) = submit(sweep_folder)
    assert line.startswith("jobs: ") and line.count(",") == 1
    assert statuses(sweep_folder) == {"p1-seed1": "failed", "p2-seed1": "done"}
    assert str(missing) in table.summary(sweep_folder)["members"][0]["reason"]
    (tmp_path / "data.npz").rename(missing)
    (line,) = submit(sweep_folder)
    assert "," not in line and set(statuses(sweep_folder).values()) == {"done"}
    missing.rename(tmp_path / "data.npz")
    shutil.copy(tmp_path / "data.npz", missing)
    assert differing(tmp_path, sweep_folder) == []


def test_jobs_left_alone_hold_the_folder_until_they_are_collected(tmp_path, quick):
    sweep_folder = SweepFolder.create(tmp_path / "out", grid.load(write_sweep(tmp_path, "seeds = [1, 2]")))
    first = submit(sweep_folder, wait=False)
    with pytest.raises(UserError, match="collect them with --slurm first"):
        run.run_here(sweep_folder, "twin", 1)
    assert submit(sweep_folder) == first
    assert set(statuses(sweep_folder).values()) == {"done"} and not sweep_folder.jobs.exists()
    assert submit(sweep_folder) == ["jobs: none"]


def test_a_job_that_slurm_queues_again_goes_on_with_its_own_member(tmp_path, quick):
    sweep_folder = SweepFolder.create(tmp_path / "out", grid.load(write_sweep(tmp_path, "seeds = [1]")))
    job = MemberJob(str(sweep_folder.run(sweep_folder.sweep.members[0]).path), str(sweep_folder.logs), "twin")
    assert job.checkpoint().result() == "" and differing(tmp_path, sweep_folder) == []


def test_the_command_submits_one_job_array_with_the_given_options_and_the_same_command_collects(tmp_path):
    file, environment = write_sweep(tmp_path, "seeds = [1, 2]"), fake_slurm.environment(tmp_path / "bin")
    arguments = ("sweep", file, "--out", tmp_path / "out", "--slurm", "--jobs", 1)
    options = ("--slurm-option", "partition=loihi", "--slurm-option", "timeout_min=7", "--slurm-option", "mem_gb=2")
    code, output, errors = command(*arguments, *options, "--no-wait", env=environment)
    assert code == 0 and "jobs: 71_0, 71_1" in output and f"{file} --out {tmp_path / 'out'} --slurm" in output, errors
    (private,) = (tmp_path / "out").glob("cluster-*")
    assert private.stat().st_mode & 0o777 == 0o700
    lines = (private / "71_submission.sh").read_text().splitlines()
    for line in ("--array=0-1%1", "--partition=loihi", "--time=7", "--mem=2GB", "--cpus-per-task=1"):
        assert f"#SBATCH {line}" in lines
    assert "export NUMBA_NUM_THREADS=1" in lines
    code, output, errors = command(*arguments, "--json", env=environment)
    result = json.loads(output.splitlines()[-1])
    assert code == 0 and [row["status"] for row in result["members"]] == ["done", "done"], errors
    assert differing(tmp_path, SweepFolder.open(tmp_path / "out")) == []


@pytest.mark.parametrize("options, fragments", [
    ((), ("srun", "login node")),
    (("--slurm-option", "partition"), ("'partition' is not KEY=VALUE",)),
    (("--slurm-option", "colour=red"), ("colour",)),
    (("--slurm-option", "timeout_min=soon"), ("timeout_min", "soon")),
], ids=str)
def test_no_slurm_and_unknown_options_are_refused_in_one_line(tmp_path, options, fragments):
    file = write_sweep(tmp_path, "seeds = [1]")
    environment = fake_slurm.environment(tmp_path / "bin") if options else {**os.environ, "PATH": str(tmp_path)}
    code, _, errors = command("sweep", file, "--out", tmp_path / "out", "--slurm", *options, env=environment)
    assert code == 2 and errors.startswith("error: --slurm") and errors.count("\n") == 1, errors
    assert all(fragment in errors for fragment in fragments), errors


def test_without_submitit_the_command_that_installs_it_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "submitit", None)
    sweep_folder = SweepFolder.create(tmp_path / "out", grid.load(write_sweep(tmp_path, "seeds = [1]")))
    with pytest.raises(UserError, match=r"submitit is not installed; .*-e '\.\[cluster\]'"):
        submit(sweep_folder)
