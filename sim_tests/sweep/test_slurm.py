"""The sweep on a real SLURM: one node on this machine, which scripts/one_node_slurm.py starts for these tests."""
import contextlib
import json
import os
import signal
import subprocess
import time

import pytest

from lava_opzo.runs import checkpoint
from lava_opzo.sweep import grid, queue, run
from lava_opzo.sweep.cluster import Jobs
from lava_opzo.sweep.folder import SweepFolder
from scripts import one_node_slurm
from sim_tests.helpers.commands import MODULE, ROOT, assert_one_line, command, started, wait_for
from sim_tests.helpers.sweeps import differing, statuses, write_sweep

pytestmark = pytest.mark.slurm

ENDLESS = 100_000
"""Epochs of a member that a test stops."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with contextlib.ExitStack() as stack:
        try:
            environment = stack.enter_context(one_node_slurm.running(tmp_path_factory.mktemp("slurm")))
        except one_node_slurm.Unavailable as reason:
            pytest.skip(str(reason))
        yield environment


@pytest.fixture
def slurm(cluster, monkeypatch):
    """Calls a command of SLURM; what it prints."""
    monkeypatch.chdir(ROOT)
    for name in ("PATH", "SLURM_CONF"):
        monkeypatch.setenv(name, cluster[name])
    monkeypatch.setattr(Jobs, "poll_seconds", 0.1)
    monkeypatch.setattr(queue, "LAST_SECONDS", 0.5)
    monkeypatch.setattr(queue, "FIRST_SECONDS", 0.5)
    return lambda *words: subprocess.run(words, check=True, text=True, capture_output=True, timeout=60).stdout


def submitted(folder, file, *options, at_once=None):
    """A sweep folder and the job numbers of its members, which run or wait."""
    sweep_folder, lines = SweepFolder.create(folder / "out", grid.load(file)), []
    run.run_on_cluster(sweep_folder, "twin", list(options), at_once, False, lines.append)
    return sweep_folder, lines[0].removeprefix("jobs: ").split(", ")


def collect(sweep_folder):
    assert not run.run_on_cluster(sweep_folder, "twin", [], None, True, lambda line: None)


def learned(sweep_folder, number=0):
    """How many samples the checkpoint of a member has learned."""
    file = sweep_folder.run(sweep_folder.sweep.members[number]).checkpoint
    return checkpoint.n_trained(file) if file.exists() else 0


def reason(sweep_folder, number):
    return sweep_folder.failure(sweep_folder.sweep.members[number])["reason"]


def kill(slurm, job):
    """Kill the member of a job as a machine without memory does."""
    number = slurm("squeue", "-h", "-o", "%A", "-j", job).strip()
    for process, _, step, *_ in map(str.split, slurm("scontrol", "listpids", number).splitlines()[1:]):
        if step == "0":
            os.kill(int(process), signal.SIGKILL)


def release(slurm, job):
    """Let a job that was queued again start now instead of in two minutes; SLURM revokes its old start for a second."""
    wait_for(lambda: "PENDING" in slurm("squeue", "-h", "-o", "%T", "-j", job), 30)
    time.sleep(2)
    slurm("scontrol", "update", f"JobId={job}", "StartTime=now")


def test_an_interrupted_watcher_leaves_the_job_array_running_and_the_same_command_collects_it(tmp_path, slurm):
    file = write_sweep(tmp_path, "seeds = [1, 2]")
    arguments = ("sweep", file, "--out", tmp_path / "out", "--slurm", "--slurm-option", "partition=main")
    watcher = started(*arguments, script=MODULE)
    try:
        wait_for((tmp_path / "out" / "jobs.json").exists, 60)
        watcher.send_signal(signal.SIGINT)
        output, errors = watcher.communicate(timeout=60)
    finally:
        watcher.kill()
    assert watcher.returncode == 130 and "jobs are left on the cluster; collect them with" in output, errors
    jobs = list(json.loads((tmp_path / "out" / "jobs.json").read_text())["jobs"].values())
    assert [job.partition("_")[2] for job in jobs] == ["0", "1"] and f"jobs: {', '.join(jobs)}" in output
    code, output, errors = command(*arguments[:-2], "--json")
    assert code == 0 and [row["status"] for row in json.loads(output.splitlines()[-1])["members"]] == ["done", "done"], errors
    assert differing(tmp_path, SweepFolder.open(tmp_path / "out")) == []


def test_what_sbatch_refuses_is_one_line_and_leaves_no_job(tmp_path, slurm):
    file = write_sweep(tmp_path, "seeds = [1, 2]")
    refused = command("sweep", file, "--out", tmp_path / "out", "--slurm", "--slurm-option", "partition=nope")
    assert_one_line(refused, 2, "nope", "correct --slurm-option")
    assert not (tmp_path / "out" / "jobs.json").exists() and not list((tmp_path / "out").glob("cluster-*"))


def test_members_that_fail_or_are_killed_stop_no_other_and_each_says_why(tmp_path, slurm):
    missing = tmp_path / "missing.npz"
    file = write_sweep(tmp_path, f'[sweep.parameters]\n"training.epochs" = [2, {ENDLESS}]\n'
                                 f'"data.path" = ["{tmp_path / "data.npz"}", "{missing}"]')
    sweep_folder, jobs = submitted(tmp_path, file)
    wait_for(lambda: learned(sweep_folder, 2) > 0, 60)
    kill(slurm, jobs[2])
    collect(sweep_folder)
    assert list(statuses(sweep_folder).values()) == ["done", "failed", "failed", "failed"]
    assert str(missing) in reason(sweep_folder, 1) and str(missing) in reason(sweep_folder, 3)
    assert reason(sweep_folder, 2).startswith(f"job {jobs[2]} failed without a result; its last line is: srun: ")
    assert not sweep_folder.jobs.exists()


def test_a_job_that_is_queued_again_goes_on_from_its_checkpoint_to_the_bits_of_an_unbroken_run(tmp_path, slurm):
    sweep_folder, (job,) = submitted(tmp_path, write_sweep(tmp_path, "seeds = [1]", epochs=300))
    wait_for(lambda: learned(sweep_folder) > 0, 60)
    slurm("scancel", "--signal=USR2", job)
    release(slurm, job)
    assert statuses(sweep_folder) == {"p1-seed1": "unfinished"}
    collect(sweep_folder)
    assert statuses(sweep_folder) == {"p1-seed1": "done"} and differing(tmp_path, sweep_folder) == []


def test_at_its_time_limit_a_job_is_queued_again_and_one_that_is_cancelled_saves(tmp_path, slurm):
    file = write_sweep(tmp_path, "seeds = [1, 2]", epochs=ENDLESS)
    sweep_folder, (first, second) = submitted(tmp_path, file, "timeout_min=1", "signal_delay_s=15", at_once=1)
    slurm("scancel", second)
    wait_for(lambda: "Restarts=1" in slurm("scontrol", "show", "job", first), 90)
    kept = learned(sweep_folder)
    assert kept > 0
    release(slurm, first)
    wait_for(lambda: learned(sweep_folder) > kept, 60)
    slurm("scancel", first)
    collect(sweep_folder)
    assert reason(sweep_folder, 0) == "interrupted by the cluster; saved"
    assert reason(sweep_folder, 1).startswith(f"job {second} cancelled ")
    assert statuses(sweep_folder) == {"p1-seed1": "failed", "p1-seed2": "failed"}
