"""The folder of a sweep: sweep.toml, one run folder a member, logs and failures, sweep.json and sweep.csv."""
import contextlib
import fcntl
import json
from collections.abc import Iterator
from pathlib import Path

from lava_opzo.errors import UserError
from lava_opzo.experiment import experiment as experiments
from lava_opzo.files.whole import make_folder, write_whole
from lava_opzo.runs.folder import RunFolder
from lava_opzo.sweep import grid
from lava_opzo.sweep.grid import Member, Sweep

DEFINITION = "sweep.toml"


class SweepFolder:
    """Paths, readers and writers. Use `create` to begin a sweep or to go on with it, `open` to look at one."""

    def __init__(self, path: str | Path, sweep: Sweep):
        self.path, self.sweep = Path(path), sweep

    @classmethod
    def create(cls, path: str | Path, sweep: Sweep) -> "SweepFolder":
        """The folder with all its run folders; one that holds the same sweep is gone on with.

        Raises UserError for a folder that holds something else, another sweep, or a member that was edited.
        """
        folder = cls(path, sweep)
        if folder.definition.exists():
            folder._refuse_other()
        elif folder.path.exists() and (not folder.path.is_dir() or any(folder.path.iterdir())):
            raise UserError(f"sweep folder {folder.path}: holds something else; choose another --out")
        make_folder(f"sweep folder {folder.path}", folder.logs)
        if not folder.definition.exists():
            write_whole(folder.definition, grid.dumps(sweep).encode())
        for member in sweep.members:
            folder._prepare(member)
        return folder

    @classmethod
    def open(cls, path: str | Path) -> "SweepFolder":
        """A sweep folder as it is. Raises UserError for anything else."""
        definition = Path(path) / DEFINITION
        if not definition.is_file():
            raise UserError(f"sweep folder {path}: has no {DEFINITION}; give a folder that lava-opzo sweep made")
        return cls(path, grid.load(definition))

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
        return self.path / "jobs.pkl"

    def run(self, member: Member) -> RunFolder:
        """The run folder of a member."""
        return RunFolder(self.path / member.name)

    def log(self, member: Member) -> Path:
        """What the member's process printed, attempt after attempt."""
        return self.logs / f"{member.name}.log"

    def fail(self, member: Member, reason: str, log: Path) -> None:
        """Keep why the last attempt failed, in one line, and which file says more."""
        write_whole(self._failure(member), json.dumps({"reason": reason, "log": str(log)}).encode())

    def clear_failure(self, member: Member) -> None:
        """Remove the last failure, as another attempt begins."""
        self._failure(member).unlink(missing_ok=True)

    def failure(self, member: Member) -> dict[str, str] | None:
        """The last attempt's reason and log, None where it did not fail."""
        path = self._failure(member)
        return json.loads(path.read_text()) if path.exists() else None

    @contextlib.contextmanager
    def locked(self) -> Iterator[int]:
        """Hold the folder; yields a descriptor that keeps holding it in every process that inherits it.

        Raises UserError where another sweep holds it, or processes of one that was killed are still saving.
        """
        with open(self.path / ".lock", "w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise UserError(f"sweep folder {self.path}: another sweep is at work on it, or its last runs are still saving; "
                                "wait for it or stop it") from None
            yield file.fileno()

    def _failure(self, member: Member) -> Path:
        return self.logs / f"{member.name}.failed"

    def _refuse_other(self) -> None:
        kept = grid.load(self.definition)
        if grid.dumps(kept) == grid.dumps(self.sweep):
            return
        before, now = ({member.name: member.experiment.hash for member in sweep.members} for sweep in (kept, self.sweep))
        differing = [name for name in before | now if before.get(name) != now.get(name)]
        what = f"{len(differing)} members differ, the first is {differing[0]}" if differing else "its [sweep] table differs"
        raise UserError(f"sweep folder {self.path}: holds another sweep ({what}); choose another --out")

    def _prepare(self, member: Member) -> None:
        run = self.run(member)
        if not run.config.exists():
            RunFolder.create(run.path, member.experiment)
        elif experiments.load(run.config).hash != member.experiment.hash:
            raise UserError(f"run folder {run.path}: its config.toml was edited; remove the folder or choose another --out")
