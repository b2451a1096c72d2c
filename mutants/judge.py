"""Whether a mutant is caught: first by the golden vectors in Lava, then by the tests; each in a copy of the source tree."""
import contextlib
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).parent.parent
PARTS = ("lava_opzo", "process_models", "sim_tests", "docs", "pyproject.toml")
ARITHMETIC_TESTS = "sim_tests/arithmetic"
NETWORK_TESTS = ("sim_tests/process_models/test_process_models.py", "sim_tests/process_models/test_learning_patches.py",
                 "sim_tests/engines/lava/test_timeline.py",
                 "sim_tests/process_models/test_opzo_lif_is_stock_lif.py", "sim_tests/engines/test_equal_bits.py",
                 "sim_tests/engines/test_largest.py", "sim_tests/engines/test_baseline.py",
                 "sim_tests/engines/test_summed_changes.py", "sim_tests/engines/test_patches.py",
                 "sim_tests/engines/test_outputs.py", "sim_tests/engines/lava/test_host.py",
                 "sim_tests/network/test_widths.py")
TEST_SECONDS = 240
"""Limit of one test."""

UNCOMPILED = {"NUMBA_DISABLE_JIT": "1"}
"""So that no mutant of what the twin reads has it compiled anew, which would take minutes."""


def copy_tree(tree: Path) -> None:
    """The sources that a mutant needs, without caches (a stale one would hide a mutant of the same size)."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tree / part)


def golden_sets(tree: Path) -> list[Path]:
    """The folders of golden vectors, in the order of their replays."""
    return sorted((tree / "sim_tests" / "golden").iterdir())


def replay_in_child(tree: Path, sets: Sequence[str], seconds: float, before: Callable[[], None] = lambda: None) -> str:
    """How a replay of these sets in Lava, in a forked process that imports from `tree`, ends: "differs", "hangs", or well: "".

    A set that takes more than `seconds` hangs. before: called in that process, before it imports anything of the tree.
    """
    done, tell = os.pipe()
    child = os.fork()
    if child == 0:
        _replay_and_exit(tree, sets, tell, before)
    try:
        return _awaited(child, done, seconds)
    finally:
        os.close(done)
        os.close(tell)


def _awaited(child: int, done: int, seconds: float) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return "differs" if status else ""
        if select.select([done], [], [], 0.02)[0]:
            os.read(done, 1)
            deadline = time.monotonic() + seconds
    os.kill(child, signal.SIGKILL)  # what it forked dies with it (lava_opzo.engines.lava.watchdog)
    os.waitpid(child, 0)
    return "hangs"


def _replay_and_exit(tree: Path, sets: Sequence[str], tell: int, before: Callable[[], None]) -> NoReturn:
    code = 1
    with contextlib.suppress(BaseException):
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        sys.path.insert(0, str(tree))
        os.chdir(tree)
        before()
        from lava_opzo.verification.golden import Vectors

        for folder in golden_sets(tree):
            if folder.name in sets:
                if Vectors(folder).replay(("fast",)).differing:
                    break
                os.write(tell, b".")
        else:
            code = 0
    os._exit(code)


def caught_by_tests(tree: Path, changed: Path, function: str) -> bool:
    """Whether a test of the arithmetic (for one of its files) or of the process models fails or hangs. Files of tests that name
    the changed function are asked first, then those that are called as the changed file.
    """
    tests = [tree / name for name in NETWORK_TESTS]
    if "arithmetic" in changed.parts:
        tests = [*sorted((tree / ARITHMETIC_TESTS).rglob("test_*.py")), *tests]
    tests.sort(key=lambda path: (not re.search(rf"\b{function}\b", path.read_text()), changed.stem not in path.stem))
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-m", "not slow", "--timeout", str(TEST_SECONDS),
               "-p", "no:cacheprovider", *(str(path.relative_to(tree)) for path in tests)]
    return subprocess.run(command, cwd=tree, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          env={**os.environ, **UNCOMPILED, "PYTHONPATH": str(tree)}).returncode != 0
