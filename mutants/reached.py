"""Which statements each set of golden vectors runs in Lava: one that does not run a changed statement need not be replayed."""
import ast
import os
import sys
import threading
from pathlib import Path

from mutants.judge import golden_sets, replay_in_child

Lines = set[tuple[str, int]]
"""File, relative to the root of the tree, and line."""


def lines_run(tree: Path, files: list[Path], seconds: float) -> dict[str, Lines]:
    """Name of a set -> what its replay runs of these files, in any of Lava's processes.

    Raises ValueError if a replay fails.
    """
    found = {}
    for folder in golden_sets(tree):
        notes = tree / f"lines_of_{folder.name}"
        if replay_in_child(tree, [folder.name], seconds, before=lambda notes=notes: _watch(tree, files, notes)):
            raise ValueError(f"the unchanged sources fail the golden vectors {folder.name}")
        pairs = [line.rsplit(":", 1) for line in notes.read_text().splitlines()]
        found[folder.name] = {(file, int(number)) for file, number in pairs}
    return found


def _watch(tree: Path, files: list[Path], notes: Path) -> None:
    """Note from now on each line that this process and what it forks run of the files; compiled functions run as Python."""
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    names, seen = {str(tree / file): str(file) for file in files}, set()
    out = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(frame, event, _):
        name, line = names.get(frame.f_code.co_filename), frame.f_lineno
        if name is None:
            return None
        if event == "line" and (name, line) not in seen:
            seen.add((name, line))
            os.write(out, f"{name}:{line}\n".encode())
        return note

    sys.settrace(note)
    threading.settrace(note)


def sets_that_run(source: str, name: Path, line: int, lines: dict[str, Lines]) -> list[str]:
    """The sets that run the statement at this line of the file; all of them for one outside every function, run at import."""
    statement = _statement(ast.parse(source), line)
    return [one for one, run in lines.items() if statement is None or any((str(name), number) in run for number in statement)]


def _statement(tree: ast.Module, line: int) -> range | None:
    """The lines of the innermost statement of a function at this line, without those of its body."""
    found = None
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.stmt) and node is not function and node.lineno <= line <= (node.end_lineno or line):
                    body = getattr(node, "body", None)
                    last = body[0].lineno - 1 if body else node.end_lineno
                    own = range(node.lineno, max(node.lineno, last or line) + 1)
                    if line in own and (found is None or len(own) <= len(found)):
                        found = own
    return found
