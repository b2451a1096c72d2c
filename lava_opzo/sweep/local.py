"""The members of a sweep as processes of this machine, a few at a time."""
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from lava_opzo.errors import INTERRUPTED, UserError
from lava_opzo.files.reading import check_file
from lava_opzo.files.system import told
from lava_opzo.sweep.folder import SweepFolder
from lava_opzo.sweep.grid import Member

ONE_THREAD = dict.fromkeys(("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Environment of a member: as many processes as asked for, no more threads."""

SAVE_SECONDS = 30.0
"""How long members may take to save where the sweep itself has to end."""

TAIL_BYTES = 1 << 16
"""More than the last line of a log takes."""


class Processes:
    """Runs members in child processes. A context manager: what still runs at its end is killed, or, where the disk refused
    something, may save first; Lava's processes under it end with it (`lava_opzo.engines.lava.watchdog`).

    members: those to run. jobs: how many at a time. lock: descriptor that every child inherits (`SweepFolder.locked`).
    """

    poll_seconds = 0.1

    def __init__(self, folder: SweepFolder, members: list[Member], engine: str, jobs: int, lock: int):
        self._folder, self._waiting, self._engine, self._jobs, self._lock = folder, list(members), engine, jobs, lock
        self._children: dict[Member, tuple[subprocess.Popen, int]] = {}
        self._stopping = False

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, kind: type[BaseException] | None, *exception: object) -> None:
        children = [child for child, _ in self._children.values()]
        if kind is not None and issubclass(kind, UserError):
            self.stop()
            for child in children:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(SAVE_SECONDS)
        for child in children:
            child.kill()
        for child in children:
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
        with told(f"member {member.name}: cannot be started"), open(self._folder.log(member), "ab") as log:
            # A session of its own, so that Ctrl-C on the terminal reaches the parent alone.
            child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
                                     env={**os.environ, **ONE_THREAD}, pass_fds=(self._lock,))
            self._children[member] = child, log.tell()

    def _end(self, member: Member, child: subprocess.Popen, log_start: int) -> None:
        child.communicate()
        if child.returncode == 0 or self._stopping and child.returncode in (INTERRUPTED, -signal.SIGTERM):
            return
        log = self._folder.log(member)
        self._folder.fail(member, _reason(child.returncode, last_line(log, log_start)), log)


def last_line(path: Path, start: int = 0) -> str:
    """The last line of a log after its first `start` bytes; empty where there is none, or no log that can be read."""
    try:
        size = check_file("log", path)
        with told("log"), open(path, "rb") as log:
            log.seek(max(start, size - TAIL_BYTES))
            return next(iter(log.read().decode(errors="replace").strip().splitlines()[::-1]), "")
    except UserError:
        return ""


def _reason(code: int, last_line: str) -> str:
    if code < 0:
        return f"killed by {_signal(-code)}"
    if code == INTERRUPTED:
        return "interrupted from outside; saved"
    return last_line.removeprefix("error: ") or f"exit code {code} without a message"


def _signal(number: int) -> str:
    return signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
