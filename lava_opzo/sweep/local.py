"""The members of a sweep as processes of this machine, a few at a time."""
import os
import signal
import subprocess
import sys

from lava_opzo.errors import INTERRUPTED
from lava_opzo.sweep.folder import SweepFolder
from lava_opzo.sweep.grid import Member

ONE_THREAD = dict.fromkeys(("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Environment of a member: as many processes as asked for, no more threads."""


class Processes:
    """Runs members in child processes. A context manager: what still runs at its end is killed; Lava's processes under it
    end with it (`lava_opzo.engines.lava.watchdog`).

    members: those to run. jobs: how many at a time. lock: descriptor that every child inherits (`SweepFolder.locked`).
    """

    poll_seconds = 0.1

    def __init__(self, folder: SweepFolder, members: list[Member], engine: str, jobs: int, lock: int):
        self._folder, self._waiting, self._engine, self._jobs, self._lock = folder, list(members), engine, jobs, lock
        self._children: dict[Member, tuple[subprocess.Popen, int]] = {}
        self._stopping = False

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *exception: object) -> None:
        for child, _ in self._children.values():
            child.kill()
            child.communicate()

    @property
    def running(self) -> list[Member]:
        """The members that run now."""
        return list(self._children)

    @property
    def busy(self) -> bool:
        """Whether a member runs or waits."""
        return bool(self._children or self._waiting)

    def step(self) -> list[Member]:
        """Start what there is room for, and return the members that ended since the last call."""
        while self._waiting and len(self._children) < self._jobs:
            self._start(self._waiting.pop(0))
        ended = [member for member, (child, _) in self._children.items() if child.poll() is not None]
        for member in ended:
            self._end(member, *self._children.pop(member))
        return ended

    def stop(self) -> None:
        """Start nothing more and ask the children to save and end."""
        self._stopping, self._waiting = True, []
        for child, _ in self._children.values():
            child.terminate()

    def _start(self, member: Member) -> None:
        self._folder.clear_failure(member)
        command = [sys.executable, "-m", "lava_opzo.sweep.child", str(self._folder.run(member).path), self._engine]
        with open(self._folder.log(member), "ab") as log:
            # A session of its own, so that Ctrl-C on the terminal reaches the parent alone.
            child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
                                     env={**os.environ, **ONE_THREAD}, pass_fds=(self._lock,))
            self._children[member] = child, log.tell()

    def _end(self, member: Member, child: subprocess.Popen, log_start: int) -> None:
        child.communicate()
        if child.returncode == 0 or self._stopping and child.returncode in (INTERRUPTED, -signal.SIGTERM):
            return
        with open(self._folder.log(member), "rb") as log:
            log.seek(log_start)
            lines = log.read().decode(errors="replace").strip().splitlines()
        self._folder.fail(member, _reason(child.returncode, lines[-1] if lines else ""), self._folder.log(member))


def _reason(code: int, last_line: str) -> str:
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    if code == INTERRUPTED:
        return "interrupted from outside; saved"
    return last_line.removeprefix("error: ") or f"exit code {code} without a message"
