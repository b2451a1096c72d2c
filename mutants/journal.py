"""What was judged so far, kept in a file, so that a run that takes hours can be interrupted and goes on where it was."""
import hashlib
import json
from pathlib import Path
from typing import Any

from mutants.judge import PARTS, ROOT
from mutants.mutate import Mutant

Answer = Any
"""Of the golden vectors a word, of the tests True or False."""

Key = tuple[str, str, int, str, str]


class Journal:
    """Answers on mutants, one line of JSON each. Those on other sources, and a last line that was cut off, are passed over."""

    def __init__(self, path: Path | None):
        self._path, self._sources = path, sources_digest() if path else ""
        self._answers: dict[Key, Answer] = {}
        if path and path.exists():
            for line in path.read_text().splitlines():
                try:
                    kept = json.loads(line)
                except ValueError:
                    continue
                if kept["sources"] == self._sources:
                    self._answers[tuple(kept["key"])] = kept["answer"]

    def answer(self, judge: str, name: Path, mutant: Mutant) -> Answer:
        """What this judge said about the mutant of that file; None if it was not asked."""
        return self._answers.get(_key(judge, name, mutant))

    def keep(self, judge: str, name: Path, mutant: Mutant, answer: Answer) -> None:
        """Write an answer; where no file was named, forget it."""
        if self._path:
            line = json.dumps({"sources": self._sources, "key": _key(judge, name, mutant), "answer": answer})
            with self._path.open("a") as file:
                file.write(line + "\n")


def sources_digest() -> str:
    """sha256 of what a mutant is judged with: names and contents of the sources, tests and pages."""
    digest = hashlib.sha256()
    for part in PARTS:
        files = [path for path in sorted((ROOT / part).rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
        for path in files or [ROOT / part]:
            digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _key(judge: str, name: Path, mutant: Mutant) -> Key:
    """The change itself is part of it: a line may have several that read alike."""
    change = f"{mutant.before}  ->  {mutant.after}"
    return judge, str(name), mutant.line, change, hashlib.sha256(mutant.source.encode()).hexdigest()
