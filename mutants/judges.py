"""Several judges at once, each a process with its own copy of the source tree, so that no mutant sees another."""
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from mutants.judge import ROOT, caught_by_golden_vectors, caught_by_tests, copy_tree
from mutants.mutate import Mutant

Subject = tuple[Path, Mutant]
"""The file, relative to the root of the tree, and a mutant of it."""

_tree: Path
"""The copy of the process that judges; a global of the module because a pool's processes keep nothing else between two calls."""


class Judges:
    """Asks `jobs` processes at a time until the time is over. In a `with`: it ends its processes and deletes their trees."""

    def __init__(self, jobs: int, seconds: float):
        self._end = time.monotonic() + seconds
        self._folder = tempfile.TemporaryDirectory()
        self._pool = ProcessPoolExecutor(jobs, initializer=_begin, initargs=(self._folder.name,))

    def __enter__(self) -> "Judges":
        return self

    def __exit__(self, *_) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._folder.cleanup()

    def by_golden_vectors(self, subjects: list[Subject]) -> Iterator[tuple[Subject, bool]]:
        """Each subject in its order, and whether a replay in Lava finds it. Exits with 2 if the unchanged sources fail."""
        return self._ask(_by_golden_vectors, subjects, "golden vectors")

    def by_tests(self, subjects: list[Subject]) -> Iterator[tuple[Subject, bool]]:
        """Each subject in its order, and whether a test fails for it. Exits with 2 if the unchanged sources fail."""
        return self._ask(_by_tests, subjects, "tests")

    def _ask(self, question: Callable[[Path, str | None], bool], subjects: list[Subject],
             judge: str) -> Iterator[tuple[Subject, bool]]:
        if subjects and self._pool.submit(question, subjects[0][0], None).result():
            print(f"the unchanged sources fail the {judge}; mend them first")
            sys.exit(2)
        answers = [self._pool.submit(question, name, mutant.source) for name, mutant in subjects]
        for subject, answer in zip(subjects, answers, strict=True):
            if time.monotonic() > self._end:
                return
            yield subject, answer.result()


def _begin(folder: str) -> None:
    global _tree
    _tree = Path(tempfile.mkdtemp(dir=folder))
    copy_tree(_tree)


def _by_golden_vectors(name: Path, source: str | None) -> bool:
    return _with(name, source, lambda: caught_by_golden_vectors(_tree))


def _by_tests(name: Path, source: str | None) -> bool:
    return _with(name, source, lambda: caught_by_tests(_tree, name))


def _with(name: Path, source: str | None, judged: Callable[[], bool]) -> bool:
    """What is `judged` while the file `name` of the tree has this source; without one, of the tree as it is."""
    if source is not None:
        (_tree / name).write_text(source)
    try:
        return judged()
    finally:
        (_tree / name).write_text((ROOT / name).read_text())
