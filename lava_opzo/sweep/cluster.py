"""The members of a sweep as one job array of SLURM, through submitit (extra `cluster`)."""
import pickle
from types import ModuleType
from typing import TYPE_CHECKING, Any

from lava_opzo.errors import UserError
from lava_opzo.files.whole import write_whole
from lava_opzo.sweep import member as members
from lava_opzo.sweep.folder import SweepFolder
from lava_opzo.sweep.grid import Member
from lava_opzo.sweep.local import ONE_THREAD

if TYPE_CHECKING:
    from submitit import Job
    from submitit.helpers import DelayedSubmission

GENERAL = ("timeout_min", "mem_gb", "cpus_per_task")
"""Options that submitit knows for every cluster; all others are those of sbatch."""

DEFAULTS = {"timeout_min": 60, "mem_gb": 4, "cpus_per_task": 1}


class MemberJob:
    """What a job does: the member, or why it failed in one line.

    At its time limit, and when it is pre-empted, submitit queues it again (three times at most): it goes on from its checkpoint.
    """

    def __init__(self, path: str, engine: str):
        self.path, self.engine = path, engine

    def __call__(self) -> str:
        try:
            return "" if members.learn(self.path, self.engine) else "interrupted by the cluster; saved"
        except UserError as error:
            return str(error)

    def checkpoint(self) -> "DelayedSubmission":
        """submitit's call shortly before the job is ended."""
        from submitit.helpers import DelayedSubmission

        return DelayedSubmission(self)


class Jobs:
    """The jobs of a sweep, submitted now or by an earlier call; `jobs.pkl` in its folder names them until they have ended."""

    poll_seconds = 2.0

    def __init__(self, folder: SweepFolder):
        self._folder, self._watched = folder, True
        self._jobs: dict[Member, Job[str]] = {}
        if folder.jobs.exists():
            _submitit()
            named = pickle.loads(folder.jobs.read_bytes())
            self._jobs = {member: named[member.name] for member in folder.sweep.members if member.name in named}

    def submit(self, chosen: list[Member], engine: str, options: list[str], at_once: int | None, cluster: str = "slurm") -> None:
        """One job array of the chosen members.

        options: KEY=VALUE of submitit (`GENERAL`) or of sbatch. at_once: most jobs at a time. cluster: an executor of submitit.
        Raises UserError for an unknown option and where there is no SLURM.
        """
        parameters = _parameters(options, at_once)
        submitit = _submitit()
        try:
            executor = submitit.AutoExecutor(self._folder.path / "cluster", cluster=cluster)
            executor.update_parameters(**parameters)
            jobs = executor.submit_array([MemberJob(str(self._folder.run(member).path.resolve()), engine) for member in chosen])
        except (NameError, ValueError, TypeError, AssertionError) as error:
            raise UserError(f"--slurm-option: {_first_line(error)}; correct it") from None
        except (RuntimeError, OSError) as error:
            raise UserError(f"--slurm: {_first_line(error)}; run it on a cluster's login node, or without --slurm") from None
        for member in chosen:
            self._folder.clear_failure(member)
        self._jobs = dict(zip(chosen, jobs, strict=True))
        self._keep()

    @property
    def ids(self) -> list[str]:
        """The job numbers."""
        return [job.job_id for job in self._jobs.values()]

    @property
    def running(self) -> list[Member]:
        """The members whose jobs have not ended."""
        return list(self._jobs)

    @property
    def busy(self) -> bool:
        """Whether there are jobs to watch."""
        return self._watched and bool(self._jobs)

    def step(self) -> list[Member]:
        """The members whose jobs ended since the last call."""
        ended = {member: job for member, job in self._jobs.items() if job.done()}
        for member, job in ended.items():
            reason = _reason(job)
            if reason:
                self._folder.fail(member, reason, job.paths.stderr)
            del self._jobs[member]
        if ended:
            self._keep()
        return list(ended)

    def stop(self) -> None:
        """Watch no longer; the jobs go on."""
        self._watched = False

    def _keep(self) -> None:
        if self._jobs:
            write_whole(self._folder.jobs, pickle.dumps({member.name: job for member, job in self._jobs.items()}))
        else:
            self._folder.jobs.unlink(missing_ok=True)


def _submitit() -> ModuleType:
    try:
        import submitit
    except ImportError:
        raise UserError("--slurm: submitit is not installed; install it with: pip install 'lava-opzo[cluster]'") from None
    return submitit


def _parameters(options: list[str], at_once: int | None) -> dict[str, Any]:
    parameters: dict[str, Any] = {"name": "lava-opzo-sweep", **DEFAULTS,
                                  "slurm_setup": [f"export {name}={n}" for name, n in ONE_THREAD.items()]}
    if at_once:
        parameters["slurm_array_parallelism"] = at_once
    for option in options:
        key, equals, value = option.partition("=")
        if not (key and equals and value):
            raise UserError(f"--slurm-option '{option}' is not KEY=VALUE; write it as partition=NAME or timeout_min=90")
        parameters[key if key in GENERAL else f"slurm_{key}"] = int(value) if value.isdecimal() else value
    return parameters


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _reason(job: "Job[str]") -> str:
    """Why a job that ended failed, in one line; empty where it did not."""
    from submitit.core.utils import FailedJobError, UncompletedJobError

    try:
        return job.result()
    except FailedJobError as error:
        trace = [line for line in str(error).split("-" * 22)[1].splitlines() if line.strip()]
        return trace[-1]
    except UncompletedJobError:
        return f"job {job.job_id} ended without a result (state {job.state}): killed, out of memory or over its time limit"
