"""What SLURM says of the jobs of a sweep: one question to squeue for all of them, which needs no accounting database."""
import subprocess
import time
from collections.abc import Callable

from lava_opzo.errors import UserError

ENDED = {
    "BOOT_FAIL": "its node did not start",
    "CANCELLED": "cancelled",
    "COMPLETED": "ended",
    "DEADLINE": "over its deadline",
    "FAILED": "failed",
    "NODE_FAIL": "its node failed",
    "OUT_OF_MEMORY": "out of memory",
    "PREEMPTED": "pre-empted by another job",
    "REVOKED": "revoked",
    "TIMEOUT": "over its time limit",
}
"""States in which a job stays, in words. A job in any other waits, runs, or is queued again."""

FORGOTTEN = "forgotten"
"""The state of a job that SLURM has no record of: minutes after it ended, and at once where a task of an array never began."""

UNKNOWN_JOB = "Invalid job id"

FIRST_SECONDS, LAST_SECONDS = 2.0, 30.0
"""Between two questions, at first and, as they grow longer, at most."""

ANSWER_SECONDS = 60.0


class Queue:
    """Asks for the states of the jobs of one array now and then. clock: seconds, for a test to give."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._wait, self._next = FIRST_SECONDS, clock()
        self._over: dict[str, str] = {}

    def ended(self, jobs: list[str]) -> dict[str, str]:
        """The jobs that SLURM says have ended, in the last answer and in the one before it, with their states.

        Twice, because what a job wrote may be seen here later than its end. Raises UserError where SLURM does not answer.
        """
        if not jobs or self._clock() < self._next:
            return {}
        states = ask(jobs)
        self._next, self._wait = self._clock() + self._wait, min(2 * self._wait, LAST_SECONDS)
        before, self._over = self._over, {job: state for job, state in states.items() if state == FORGOTTEN or state in ENDED}
        return {job: state for job, state in self._over.items() if job in before}


def ask(jobs: list[str]) -> dict[str, str]:
    """Job number -> its state, as squeue names it, or FORGOTTEN. Raises UserError where SLURM does not answer.

    jobs: of one job array, or one job.
    """
    array = jobs[0].partition("_")[0]
    command = ["squeue", "--noheader", "--array", "--states=all", "--format=%i|%T", f"--jobs={array}"]
    try:
        answer = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                                timeout=ANSWER_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _unanswered(str(error)) from None
    if answer.returncode and UNKNOWN_JOB not in answer.stderr:
        raise _unanswered(next(iter(answer.stderr.strip().splitlines()), f"squeue ends with {answer.returncode}"))
    states = dict(line.split("|", 1) for line in answer.stdout.split() if "|" in line)
    return {job: states.get(job, FORGOTTEN) for job in jobs}


def in_words(state: str | None) -> str:
    """A state of a job that ended, for a person."""
    return {**ENDED, None: "ended", FORGOTTEN: "cancelled before it began, or forgotten by SLURM since it ended,"}[state]


def _unanswered(said: str) -> UserError:
    return UserError(f"--slurm: the state of the jobs cannot be read: {said}; they go on: collect them with the same command")
