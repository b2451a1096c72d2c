"""Several judges at once, each a process with its own copy of the source tree, so that no mutant sees another."""
import functools
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import NoReturn, TypeVar

from mutants.journal import Journal
from mutants.judge import ROOT, caught_by_tests, copy_tree, replay_in_child
from mutants.mutate import Mutant, function_at
from mutants.reached import Lines, lines_run, sets_that_run

Subject = tuple[Path, Mutant]
"""The file, relative to the root of the tree, and a mutant of it."""

Answer = TypeVar("Answer", str, bool)

LEAST, LONGEST = 60, 600
"""Seconds that the replay of a set may take at least, and at most where nobody knows yet how long it takes."""

_tree: Path
"""The copy of the process that judges; a global of the module because a pool's processes keep nothing else between two calls."""


class Judges:
    """Asks `jobs` processes at a time until the time is over. In a `with`: it ends its processes and deletes their trees.

    What the journal knows is not asked again.
    """

    def __init__(self, jobs: int, seconds: float, journal: Journal):
        self._end, self._journal = time.monotonic() + seconds, journal
        self._folder = tempfile.TemporaryDirectory()
        self._pool = ProcessPoolExecutor(jobs, initializer=_begin, initargs=(self._folder.name,))

    def __enter__(self) -> "Judges":
        return self

    def __exit__(self, *_) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._folder.cleanup()

    def by_golden_vectors(self, subjects: list[Subject]) -> Iterator[tuple[Subject, str]]:
        """Each subject in its order, and how a replay in Lava finds it, "" if it does not. Exits with 2 if the unchanged sources
        fail. Only sets that run the changed statement are replayed. One that takes 20 times as long as one of the unchanged
        sources hangs: less, and a busy machine would catch mutants.
        """
        def question() -> Callable[[Path, Mutant], str]:
            started = time.monotonic()
            lines = self._pool.submit(_lines_run, sorted({name for name, _ in subjects})).result()
            if lines is None:
                _end("golden vectors")
            seconds = max(LEAST, 20 * (time.monotonic() - started) / len(lines))
            return functools.partial(_by_golden_vectors, seconds=seconds, lines=lines)

        return self._ask("golden vectors", subjects, question)

    def by_tests(self, subjects: list[Subject]) -> Iterator[tuple[Subject, bool]]:
        """Each subject in its order, and whether a test fails for it. Exits with 2 if the unchanged sources fail."""
        def question() -> Callable[[Path, Mutant], bool]:
            name = subjects[0][0]
            if next(self._ask("tests", [(name, Mutant(1, "", "", (ROOT / name).read_text()))], lambda: _by_tests))[1]:
                _end("tests")
            return _by_tests

        return self._ask("tests", subjects, question)

    def _ask(self, judge: str, subjects: list[Subject], question: Callable[[], Callable[[Path, Mutant], Answer]]
             ) -> Iterator[tuple[Subject, Answer]]:
        """`question` makes what the processes are asked; it is called only if the journal does not know all."""
        known = [self._journal.answer(judge, *subject) for subject in subjects]
        ask = question() if None in known else None
        answers = [self._pool.submit(ask, *subject) if ask and before is None else None
                   for subject, before in zip(subjects, known, strict=True)]
        for subject, answer in zip(subjects, answers, strict=True):
            if answer is not None:
                answer.add_done_callback(functools.partial(self._keep, judge, subject))
        for subject, before, answer in zip(subjects, known, answers, strict=True):
            if answer is None:
                yield subject, before
                continue
            if time.monotonic() > self._end:
                return
            yield subject, answer.result()

    def _keep(self, judge: str, subject: Subject, answer: Future) -> None:
        if not answer.cancelled() and answer.exception() is None:
            self._journal.keep(judge, *subject, answer.result())


def _begin(folder: str) -> None:
    global _tree
    _tree = Path(tempfile.mkdtemp(dir=folder))
    copy_tree(_tree)


def _end(judge: str) -> NoReturn:
    print(f"the unchanged sources fail the {judge}; mend them first")
    sys.exit(2)


def _lines_run(files: list[Path]) -> dict[str, Lines] | None:
    try:
        return lines_run(_tree, files, LONGEST)
    except ValueError:
        return None


def _by_golden_vectors(name: Path, mutant: Mutant, seconds: float, lines: dict[str, Lines]) -> str:
    sets = sets_that_run((ROOT / name).read_text(), name, mutant.line, lines)
    return _with(name, mutant, lambda: replay_in_child(_tree, sets, seconds)) if sets else ""


def _by_tests(name: Path, mutant: Mutant) -> bool:
    function = function_at((ROOT / name).read_text(), mutant.line)
    return _with(name, mutant, lambda: caught_by_tests(_tree, name, function))


def _with(name: Path, mutant: Mutant, judged: Callable[[], Answer]) -> Answer:
    """What is `judged` while the file `name` of the tree has the mutant."""
    (_tree / name).write_text(mutant.source)
    try:
        return judged()
    finally:
        (_tree / name).write_text((ROOT / name).read_text())
