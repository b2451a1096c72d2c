"""The command line as a user calls it: in a process of its own, from the root of the checkout, or (quicker) in this one."""
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from unittest import mock

ROOT = Path(__file__).parents[2]
MODULE = ("-m", "lava_opzo")
DEPLOY = ("deploy/to_loihi.py",)


class Finished(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    output: str
    errors: str


def started(*arguments, script: tuple[str, ...] = MODULE, **options) -> subprocess.Popen:
    """`lava-opzo` (or another script) with these arguments, running."""
    return subprocess.Popen([sys.executable, *script, *map(str, arguments)], cwd=ROOT, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def command(*arguments, script: tuple[str, ...] | None = None, **options) -> Finished:
    """`lava-opzo` with these arguments, to its end; a traceback fails the test.

    In this process, which saves loading everything; with a script (`MODULE` is `lava-opzo`) or options in one of its own.
    """
    if script is None and not options:
        return called(*arguments)
    script = script or MODULE
    process = started(*arguments, script=script, **options)
    try:
        output, errors = process.communicate(timeout=240)
    finally:
        process.kill()
    assert "Traceback" not in errors, errors
    return Finished(process.returncode, output, errors)


def called(*arguments, main: Callable[[], None] | None = None) -> Finished:
    """`lava-opzo` (or another entry point) with these arguments in this process, with streams of its own."""
    from lava_opzo.cli import app

    main = main or app.main
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        with _streams_to(output, errors), mock.patch.object(sys, "argv", ["lava-opzo", *map(str, arguments)]):
            handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
            try:
                main()
            except SystemExit as ended:
                code = int(ended.code or 0)
            finally:
                for number, handler in handlers.items():
                    signal.signal(number, handler)
        output.seek(0)
        errors.seek(0)
        finished = Finished(code, output.read(), errors.read())
    assert "Traceback" not in finished.errors, finished.errors
    return finished


@contextlib.contextmanager
def _streams_to(output, errors):
    """Inside, descriptors 1 and 2 and Python's streams over them lead to these files."""
    kept = [os.dup(1), os.dup(2)]
    for file, descriptor in ((output, 1), (errors, 2)):
        os.dup2(file.fileno(), descriptor)
    with open(1, "w", closefd=False) as new_output, open(2, "w", closefd=False) as new_errors, \
            mock.patch.multiple(sys, stdout=new_output, stderr=new_errors):
        try:
            yield
        finally:
            new_output.flush()
            new_errors.flush()
            for descriptor, before in zip((1, 2), kept, strict=True):
                os.dup2(before, descriptor)
                os.close(before)


def deploy(*arguments) -> Finished:
    """`lava-opzo deploy` with these arguments."""
    return command("deploy", *arguments)


def assert_one_line(finished: Finished, code: int, *fragments: str) -> None:
    """That a command ended with this exit code and one line of error that holds the fragments."""
    assert finished.code == code, finished.errors
    assert finished.errors.strip().splitlines()[-1].startswith("error: ")
    assert all(fragment in finished.errors for fragment in fragments), finished.errors


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    """Until the condition holds; fails when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "does not happen"
        time.sleep(0.02)
