"""The folder of a tuning: tune.toml, trials.jsonl, and what comes out of them: config.toml, trials.csv and a picture."""
import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment, dumps
from lava_opzo.files import lock, toml
from lava_opzo.files.system import told
from lava_opzo.files.whole import make_folder, write_whole
from lava_opzo.tune.learning import Wanted

DEFINITION = "tune.toml"


@dataclass(frozen=True)
class Tuning:
    """What is tuned. start: the experiment, its validation samples in the place of test samples. whole: the same that learns all
    training samples, n_whole, whose settings become config.toml. wanted: what settings must keep to.
    """

    start: Experiment
    whole: Experiment
    wanted: Wanted
    n_whole: int

    def document(self) -> dict[str, Any]:
        """Everything that decides which trials belong to it, as nested dicts of plain values."""
        board = self.wanted.board.name if self.wanted.board else ""
        return {"start": self.start.document(), "whole": self.whole.document(),
                "tune": {"replayable": self.wanted.replayable, "board": board}}

    def dumps(self) -> bytes:
        """The same as TOML."""
        return tomli_w.dumps(self.document()).encode()


class TuneFolder:
    """Paths and writers. `create` begins a tuning or goes on with it."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    @classmethod
    def create(cls, path: str | Path, tuning: Tuning) -> "TuneFolder":
        """The folder of a tuning; one that holds the same is gone on with.

        Raises UserError for a folder that holds another tuning, or anything else.
        """
        folder = cls(path)
        begun = os.path.lexists(folder.definition)
        if begun:
            folder._refuse_other(tuning)
        else:
            with told(folder.owner):
                if folder.path.is_dir() and any(one.name != lock.NAME for one in folder.path.iterdir()):
                    raise UserError(f"{folder.owner}: is not empty and holds no tuning; choose another --out")
        make_folder(folder.owner, folder.path)
        if not begun:
            with folder.locked():
                write_whole(folder.definition, tuning.dumps())
        return folder

    @property
    def owner(self) -> str:
        """How messages call it."""
        return f"tune folder {self.path}"

    @property
    def definition(self) -> Path:
        """What is tuned."""
        return self.path / DEFINITION

    @property
    def trials(self) -> Path:
        """Every trial that ended, one line each."""
        return self.path / "trials.jsonl"

    @property
    def confirmations(self) -> Path:
        """The same of the best settings with other seeds."""
        return self.path / "confirmed.jsonl"

    @property
    def config(self) -> Path:
        """The best settings, as `lava-opzo train --config` takes them."""
        return self.path / "config.toml"

    @property
    def table(self) -> Path:
        """All trials, the best first."""
        return self.path / "trials.csv"

    @property
    def picture(self) -> Path:
        """What mattered."""
        return self.path / "tune.png"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder. Raises UserError that names the process that does."""
        with lock.held(self.owner, self.path):
            yield

    def write_config(self, experiment: Experiment) -> None:
        """Leave the best settings."""
        write_whole(self.config, dumps(experiment).encode())

    def _refuse_other(self, tuning: Tuning) -> None:
        text = toml.read(self.definition)
        if toml.document(text, str(self.definition)) != toml.document(tuning.dumps().decode(), "tuning"):
            raise UserError(f"{self.owner}: its {DEFINITION} is of another tuning: data set, network, epochs, validation "
                            "samples, --replayable or --board differ; choose another --out, or give the same options again")
