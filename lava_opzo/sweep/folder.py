"""The folder of a sweep: sweep.toml, one run folder a member, logs and failures, sweep.json and sweep.csv."""
import contextlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from lava_opzo.errors import UserError
from lava_opzo.experiment import experiment as experiments
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.files import lock
from lava_opzo.files.system import told
from lava_opzo.files.whole import make_folder, write_whole
from lava_opzo.runs.folder import RunFolder
from lava_opzo.sweep import failures, grid, member as members
from lava_opzo.sweep.grid import Member, Sweep

DEFINITION = "sweep.toml"

BEGUN = ("logs", lock.NAME)
"""What a sweep that was killed at once may have left without its definition."""


class SweepFolder:
    """Paths, readers and writers. Use `create` to begin a sweep or to go on with it, `open` to look at one."""

    def __init__(self, path: str | Path, sweep: Sweep):
        self.path, self.sweep = Path(path), sweep

    @classmethod
    def create(cls, path: str | Path, sweep: Sweep) -> "SweepFolder":
        """The folder with all its run folders; one that holds the same sweep is gone on with.

        Raises UserError for a folder that holds something else, another sweep, or a member that was edited, and where another
        sweep is at work in it.
        """
        folder = cls(path, sweep)
        if os.path.lexists(folder.definition):
            folder._refuse_other()
        else:
            folder._refuse_used()
        make_folder(folder.owner, folder.path)
        with folder.locked():
            make_folder(folder.owner, folder.logs)
            if not os.path.lexists(folder.definition):
                write_whole(folder.definition, grid.dumps(sweep).encode())
            for member in sweep.members:
                folder._prepare(member)
        return folder

    @classmethod
    def open(cls, path: str | Path) -> "SweepFolder":
        """A sweep folder as it is. Raises UserError for anything else."""
        definition = Path(path) / DEFINITION
        if not os.path.isfile(definition):
            raise UserError(f"sweep folder {path}: has no {DEFINITION}; give a folder that lava-opzo sweep made")
        return cls(path, grid.load(definition))

    @property
    def owner(self) -> str:
        """How messages call it."""
        return f"sweep folder {self.path}"

    @property
    def definition(self) -> Path:
        """The sweep, without need of another file."""
        return self.path / DEFINITION

    @property
    def logs(self) -> Path:
        """What the members printed, and why one failed."""
        return self.path / "logs"

    @property
    def jobs(self) -> Path:
        """The jobs that a cluster has of this sweep, while there are any."""
        return self.path / "jobs.json"

    def run(self, member: Member) -> RunFolder:
        """The run folder of a member."""
        return RunFolder(self.path / member.name)

    def outcome(self, member: Member) -> dict[str, Any] | None:
        """The record of a member's last epoch, None unless it is done; a damaged one is not: its next attempt says why."""
        try:
            return members.outcome(self.run(member), member.experiment)
        except UserError:
            return None

    def log(self, member: Member) -> Path:
        """What the member's process printed, attempt after attempt."""
        return self.logs / f"{member.name}.log"

    def fail(self, member: Member, reason: str, log: Path) -> None:
        """Keep why the last attempt failed, in one line, and which file says more."""
        failures.write(failures.path_of(self.logs, member.name), reason, log)

    def clear_failure(self, member: Member) -> None:
        """Remove the last failure, as another attempt begins."""
        failures.clear(failures.path_of(self.logs, member.name))

    def failure(self, member: Member) -> dict[str, str] | None:
        """The last attempt's reason and log, None where it did not fail."""
        return failures.read(failures.path_of(self.logs, member.name))

    @contextlib.contextmanager
    def locked(self) -> Iterator[int]:
        """Hold the folder; yields a descriptor that keeps holding it in every process that inherits it.

        Raises UserError where another sweep holds it, or processes of one that was killed are still saving.
        """
        with lock.held(self.owner, self.path) as descriptor:
            yield descriptor

    def _refuse_used(self) -> None:
        with told(self.owner):
            if not os.path.lexists(self.path):
                return
            used = not self.path.is_dir() or any(entry.name not in BEGUN and not entry.name.startswith(f".{DEFINITION}.")
                                                 for entry in self.path.iterdir())
        if used:
            raise UserError(f"{self.owner}: holds something else; choose another --out")

    def _refuse_other(self) -> None:
        kept = grid.load(self.definition)
        if grid.dumps(kept) == grid.dumps(self.sweep):
            return
        before, now = ({member.name: member.experiment.hash for member in sweep.members} for sweep in (kept, self.sweep))
        differing = [name for name in before | now if before.get(name) != now.get(name)]
        what = f"{len(differing)} members differ, the first is {differing[0]}" if differing else "its [sweep] table differs"
        raise UserError(f"{self.owner}: holds another sweep ({what}); choose another --out")

    def _prepare(self, member: Member) -> None:
        run = self.run(member)
        if not os.path.lexists(run.config):
            RunFolder.create(run.path, member.experiment)
        elif _to_epochs(experiments.load(run.config), member.experiment) != member.experiment:
            raise UserError(f"{run.owner}: its config.toml was edited; remove the folder or choose another --out")


def _to_epochs(found: Experiment, wanted: Experiment) -> Experiment:
    """An experiment that `lava-opzo resume --epochs` made longer, as long as it was."""
    longer = found.training.epochs > wanted.training.epochs
    return replace(found, training=replace(found.training, epochs=wanted.training.epochs)) if longer else found
