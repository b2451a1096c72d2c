"""Commands in children that are forked with everything imported, which takes milliseconds, and in processes of their own."""
import atexit
import fcntl
import os
import resource
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sim_tests.hostile.ended import Ended

MEMORY = 6 << 30
"""Bytes that a forked command may have beyond what the harness has."""

PRINTED = 1 << 20
"""Most bytes that a command may print: the largest pipe that a user may have."""

ORPHANS_SECONDS = 20
"""How long processes that a command started may take to end after it."""

F_SETPIPE_SZ = 1031

Inside = Callable[[], object]


class Child:
    """A running command in a group of processes of its own; outputs: what to read its two outputs from."""

    def __init__(self, pid: int, arguments: tuple[str, ...], outputs: list[int], seconds: float):
        self.pid, self._arguments, self._outputs, self._seconds = pid, arguments, outputs, seconds
        self._started, self._status, self.last = time.monotonic(), None, None

    def running(self) -> bool:
        """Whether it has not ended yet."""
        if self._status is None:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            self._status = status if done else None
        return self._status is None

    def send(self, number: int) -> None:
        """Send a signal to the command alone."""
        if self.running():
            os.kill(self.pid, number)

    def ended(self) -> Ended:
        """Wait for its end, kill its group at the time limit, and say how it ended."""
        timed_out, pause = False, 0.002
        while self.running():
            if time.monotonic() - self._started > self._seconds:
                timed_out = True
                os.killpg(self.pid, signal.SIGKILL)
            time.sleep(pause)
            pause = min(0.05, 1.3 * pause)
        seconds = time.monotonic() - self._started
        orphans = self._has_orphans()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        output, errors = map(_all_of, self._outputs)
        code = os.waitstatus_to_exitcode(self._status or 0)
        self.last = Ended(self._arguments, code, output, errors, seconds, timed_out, orphans)
        return self.last


    def _has_orphans(self) -> bool:
        """Whether processes of the group outlive the command by more than a while."""
        end = time.monotonic() + ORPHANS_SECONDS
        while time.monotonic() < end:
            try:
                os.killpg(self.pid, 0)
            except ProcessLookupError:
                return False
            except PermissionError:
                return True
            time.sleep(0.05)
        return True


def _pipe() -> tuple[int, int]:
    """A pipe that holds all that a command prints, so that nobody has to read while it runs."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, F_SETPIPE_SZ, PRINTED)
    os.set_blocking(reading, False)
    return reading, writing


def _all_of(descriptor: int) -> str:
    """What a pipe holds, which is closed then."""
    content = b""
    with suppress(BlockingIOError):
        while more := os.read(descriptor, 1 << 16):
            content += more
    os.close(descriptor)
    return content.decode(errors="replace")


def forked(arguments: tuple[str, ...], folder: Path, inside: Inside | None = None, seconds: float = 60,
           limited: bool = True) -> Child:
    """`lava-opzo` with these arguments in a forked child that works in `folder`; inside: called in it before the command."""
    sys.stdout.flush()
    sys.stderr.flush()
    pipes = [_pipe(), _pipe()]
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            code = _command(arguments, folder, [writing for _, writing in pipes], inside, limited)
        finally:
            os._exit(code)
    with suppress(ProcessLookupError, PermissionError):
        os.setpgid(pid, pid)  # in the child as well: whichever comes first
    return Child(pid, ("lava-opzo", *arguments), _read_ends(pipes), seconds)


def _read_ends(pipes: list[tuple[int, int]]) -> list[int]:
    for _, writing in pipes:
        os.close(writing)
    return [reading for reading, _ in pipes]


def process(arguments: tuple[str, ...], folder: Path, seconds: float = 90,
            environment: dict[str, str] | None = None, before: Inside | None = None) -> Child:
    """A whole command in a process of its own; before: called in it before the program starts."""
    pipes = [_pipe(), _pipe()]
    started = subprocess.Popen(arguments, cwd=folder, stdin=subprocess.DEVNULL, stdout=pipes[0][1], stderr=pipes[1][1],
                               env=environment, start_new_session=True, preexec_fn=before)
    started.returncode = 0  # waited for by pid; Popen must not wait as well
    return Child(started.pid, arguments, _read_ends(pipes), seconds)


def _command(arguments: tuple[str, ...], folder: Path, outputs: list[int], inside: Inside | None, limited: bool) -> int:
    """The command in this forked child, up to its exit code."""
    from lava_opzo.cli.app import main

    os.setpgid(0, 0)
    os.chdir(folder)
    for number, descriptor in zip((1, 2), outputs, strict=True):
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115, as Python opens it
    errors = open(2, "w", 1, "utf-8", "backslashreplace", closefd=False)  # noqa: SIM115
    sys.stderr = sys.__stderr__ = errors
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if limited:
        with open("/proc/self/statm") as file:
            size = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
    sys.argv = ["lava-opzo", *arguments]
    try:
        if inside is not None:
            inside()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])  # what came before is the command's to answer, too
        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:
        traceback.print_exc()
        code = 1
    with suppress(BaseException):
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(BaseException):
            stream.flush()
    return code
