"""The command line as a user calls it: in a process of its own, from the root of the checkout."""
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

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


def command(*arguments, script: tuple[str, ...] = MODULE, **options) -> Finished:
    """`lava-opzo` (or another script) with these arguments, to its end; a traceback fails the test."""
    process = started(*arguments, script=script, **options)
    try:
        output, errors = process.communicate(timeout=240)
    finally:
        process.kill()
    assert "Traceback" not in errors, errors
    return Finished(process.returncode, output, errors)


def deploy(*arguments) -> Finished:
    """`python deploy/to_loihi.py` with these arguments."""
    return command(*arguments, script=DEPLOY)


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
