"""Where one trial works: a folder of its own with copies of parts of the house, and the commands that run in it."""
import os
import random
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim_tests.hostile import child, tree
from sim_tests.hostile.child import Child, Inside
from sim_tests.hostile.ended import Ended, Job
from sim_tests.hostile.house import without_lava


@dataclass(frozen=True)
class Known:
    """What a job comes to where nothing disturbs it. operations: how often it writes, opens, renames or makes something."""

    code: int
    answer: Any
    weights: dict[str, str] | None
    epochs: dict[int, Any]
    made: dict[str, bytes | str]
    operations: int


class Place:
    """A trial's folder `path`, its random numbers, the known outcomes of jobs by their names, and the children started so far."""

    def __init__(self, folder: Path, house: Path, known: dict[str, Known], seed: str):
        self.path, self._house, self.known = folder / "here", house, known
        self.rng, self.children = random.Random(seed), list[Child]()
        self.path.mkdir(parents=True)
        self.path.chmod(0o777)

    def bring(self, job: Job) -> None:
        """Copy what a job needs; what is there stays."""
        for part in job.parts:
            if (self._house / part).is_dir():
                shutil.copytree(self._house / part, self.path / part, dirs_exist_ok=True)
            else:
                shutil.copy2(self._house / part, self.path / part)

    def start(self, arguments: tuple[str, ...], inside: Inside = without_lava, seconds: float = 60,
              limited: bool = True) -> Child:
        """A command, forked."""
        return self._kept(child.forked(arguments, self.path, inside, seconds, limited))

    def run(self, arguments: tuple[str, ...], inside: Inside = without_lava, seconds: float = 60, limited: bool = True) -> Ended:
        """A command, forked, to its end."""
        return self.start(arguments, inside, seconds, limited).ended()

    def process(self, arguments: tuple[str, ...], environment: dict[str, str | None] | None = None,
                before: Inside | None = None, shell: str = "", seconds: float = 90) -> Child:
        """A command in a process of its own.

        environment: variables to set, None to remove one. before: called in the process before it starts. shell: a line for
        bash in which `"$@"` is the command.
        """
        variables: dict[str, str | None] = {**os.environ, **(environment or {})}
        command = (sys.executable, "-m", "lava_opzo", *arguments)
        words = ("bash", "-c", shell, "bash", *command) if shell else command
        kept = {name: value for name, value in variables.items() if value is not None}
        return self._kept(child.process(words, self.path, seconds, kept, before))

    def _kept(self, started: Child) -> Child:
        self.children.append(started)
        return started

    def contents(self) -> dict[str, bytes | str]:
        """Every file in the place."""
        return tree.contents(self.path)
