"""The members of a sweep as one job array of SLURM, through submitit (extra `cluster`)."""
import contextlib
import io
import shutil
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from lava_opzo.errors import UserError, not_installed, shown
from lava_opzo.sweep import failures, jobs_file, local, member as members, queue
from lava_opzo.sweep.folder import SweepFolder
from lava_opzo.sweep.grid import Member
from lava_opzo.sweep.jobs_file import Submitted
from lava_opzo.sweep.local import ONE_THREAD
from lava_opzo.sweep.queue import Queue

if TYPE_CHECKING:
    from submitit import Job
    from submitit.helpers import DelayedSubmission

GENERAL = ("timeout_min", "mem_gb", "cpus_per_task")
"""Options that submitit knows for every cluster; all others are those of sbatch."""

DEFAULTS = {"timeout_min": 60, "mem_gb": 4, "cpus_per_task": 1}

CLUSTERS = {"slurm": "SlurmJob", "local": "LocalJob"}
"""submitit's name of a cluster -> its class of a job there."""

DIGITS = 9
"""Most digits of a number among the options."""


class MemberJob:
    """What a job does: the member; why it failed goes, in one line, where the sweep looks for it (`lava_opzo.sweep.failures`).

    At its time limit, and when it is pre-empted, submitit queues it again (three times at most): it goes on from its checkpoint.
    logs: the folder of logs of the sweep.
    """

    def __init__(self, path: str, logs: str, engine: str):
        self.path, self.logs, self.engine = path, logs, engine

    def __call__(self) -> str:
        try:
            reason = "" if members.learn(self.path, self.engine) else "interrupted by the cluster; saved"
        except UserError as error:
            reason = str(error)
        if reason:
            failures.write(failures.path_of(Path(self.logs), Path(self.path).name), reason, Path(self.logs))
        return reason

    def checkpoint(self) -> "DelayedSubmission":
        """submitit's call shortly before the job is ended."""
        from submitit.helpers import DelayedSubmission

        return DelayedSubmission(self)


class Jobs:
    """The jobs of a sweep, submitted now or by an earlier call; `jobs.json` in its folder names them until they have ended."""

    poll_seconds = 2.0

    def __init__(self, folder: SweepFolder):
        """Raises UserError for a file of jobs that is damaged, or of version 0.1."""
        self._folder, self._watched, self._queue = folder, True, Queue()
        jobs_file.refuse_old(folder.owner, folder.path)
        kept = jobs_file.read(folder.owner, folder.jobs, {member.name for member in folder.sweep.members}, set(CLUSTERS))
        self._submitted = kept or Submitted("", "", {})
        self._jobs: dict[Member, Job[str]] = self._of_submitit()

    def submit(self, chosen: list[Member], engine: str, options: list[str], at_once: int | None, cluster: str = "slurm") -> None:
        """One job array of the chosen members.

        options: KEY=VALUE of submitit (`GENERAL`) or of sbatch. at_once: most jobs at a time. cluster: a key of CLUSTERS.
        Raises UserError for an unknown option and where there is no SLURM.
        """
        parameters = _parameters(options, at_once)
        submitit = _submitit()
        for member in chosen:
            self._folder.clear_failure(member)
        path = jobs_file.make_folder(self._folder.owner, self._folder.path)
        logs = str(self._folder.logs.resolve())
        work = [MemberJob(str(self._folder.run(member).path.resolve()), logs, engine) for member in chosen]
        try:
            with contextlib.redirect_stderr(io.StringIO()):  # where sbatch refuses, submitit prints its words and raises them
                executor = submitit.AutoExecutor(path, cluster=cluster)
                executor.update_parameters(**parameters)
                jobs = executor.submit_array(work)
        except Exception as error:
            shutil.rmtree(path, ignore_errors=True)
            raise _refused(error) from None
        numbers = {member.name: job.job_id for member, job in zip(chosen, jobs, strict=True)}
        self._submitted = Submitted(path.name, cluster, numbers)
        try:
            jobs_file.write(self._folder.jobs, self._submitted)
        except UserError as error:
            raise type(error)(f"{error}; these jobs were submitted: {', '.join(self.ids)}") from None
        self._jobs = self._of_submitit()

    @property
    def ids(self) -> list[str]:
        """The job numbers."""
        return list(self._submitted.jobs.values())

    @property
    def running(self) -> list[Member]:
        """The members whose jobs have not ended."""
        return list(self._jobs)

    @property
    def busy(self) -> bool:
        """Whether there are jobs to watch."""
        return self._watched and bool(self._jobs)

    def step(self) -> list[Member]:
        """The members whose jobs ended since the last call. Raises UserError where SLURM does not answer."""
        ended: dict[Member, str | None] = {member: None for member, job in self._jobs.items() if _gave_result(job)}
        if self._submitted.cluster == "slurm":
            over = self._queue.ended([job.job_id for member, job in self._jobs.items() if member not in ended])
            ended |= {member: over[job.job_id] for member, job in self._jobs.items() if job.job_id in over}
        for member, state in ended.items():
            job = self._jobs.pop(member)
            if self._folder.outcome(member) is None:
                failure = self._folder.failure(member)
                self._folder.fail(member, failure["reason"] if failure else _reason(job, state), job.paths.stderr)
            del self._submitted.jobs[member.name]
        if ended:
            jobs_file.write(self._folder.jobs, self._submitted)
        return list(ended)

    def stop(self) -> None:
        """Watch no longer; the jobs go on."""
        self._watched = False

    def _of_submitit(self) -> "dict[Member, Job[str]]":
        """submitit's objects for the jobs, made from their numbers alone."""
        names = self._submitted.jobs
        if not names:
            return {}
        kind = getattr(_submitit(), CLUSTERS[self._submitted.cluster])
        path = self._folder.path / self._submitted.folder
        return {member: kind(path, names[member.name]) for member in self._folder.sweep.members if member.name in names}


def _submitit() -> ModuleType:
    try:
        import submitit
    except ImportError:
        raise not_installed("--slurm", "submitit", "cluster") from None
    return submitit


def _parameters(options: list[str], at_once: int | None) -> dict[str, Any]:
    parameters: dict[str, Any] = {"name": "lava-opzo-sweep", **DEFAULTS,
                                  "slurm_setup": [f"export {name}={n}" for name, n in ONE_THREAD.items()]}
    if at_once:
        parameters["slurm_array_parallelism"] = at_once
    for option in options:
        key, equals, value = option.partition("=")
        if not (key and equals and value and option.isprintable()):
            raise UserError(f"--slurm-option '{shown(option)}' is not KEY=VALUE; write it as partition=NAME or timeout_min=90")
        number = value.isdecimal() and len(value) <= DIGITS
        parameters[key if key in GENERAL else f"slurm_{key}"] = int(value) if number else value
    return parameters


def _refused(error: Exception) -> UserError:
    """The line for what submitit raises where it does not submit."""
    if isinstance(error, (NameError, ValueError, TypeError, AssertionError)):
        return UserError(f"--slurm-option: {_first_line(error)}; correct it")
    return UserError(f"--slurm: {_first_line(error)}; correct --slurm-option, run it on a cluster's login node, or without "
                     "--slurm")


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__


def _gave_result(job: "Job[str]") -> bool:
    """Whether a job has ended as it should; of a local one also whether its process is gone."""
    if job.paths.result_pickle.exists():
        return True
    return type(job).__name__ == CLUSTERS["local"] and not Path(f"/proc/{job.job_id}").exists()


def _reason(job: "Job[str]", state: str | None) -> str:
    """Why a job that ended without a word failed: what SLURM says, and the last line that it printed."""
    last = local.last_line(job.paths.stderr)
    said = f"; its last line is: {last}" if last else ""
    return f"job {job.job_id} {queue.in_words(state)} without a result{said}"
