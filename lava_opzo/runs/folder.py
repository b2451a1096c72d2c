"""The folder that a run leaves: config.toml, checkpoint.safetensors, metrics.jsonl, result.json, pictures."""
import json
import os
from pathlib import Path
from typing import Any

from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment, dumps
from lava_opzo.files.whole import make_folder, write_whole
from lava_opzo.network.state import State
from lava_opzo.runs import checkpoint
from lava_opzo.runs.counted import Counted

TAIL_BYTES = 1 << 16
"""More than the last few lines of metrics.jsonl take."""


class RunFolder:
    """Paths, readers and writers. `create` refuses a folder that holds another run, so nothing learned is ever overwritten."""

    def __init__(self, path: str | Path):
        self.path = Path(path)

    @classmethod
    def create(cls, path: str | Path, experiment: Experiment) -> "RunFolder":
        """A new folder with its config.toml. Raises UserError where a run is in it."""
        run = cls(path)
        run.refuse_used()
        make_folder(f"run folder {run.path}", run.path)
        write_whole(run.config, dumps(experiment).encode())
        return run

    def refuse_used(self) -> None:
        """Raise UserError if a run is in the folder."""
        if self.checkpoint.exists() or self.config.exists():
            raise UserError(f"run folder {self.path}: holds a run already; choose another --out, or resume it")

    @classmethod
    def next_free(cls, parent: str | Path, stem: str) -> Path:
        """parent/stem-1, or the next number that is free."""
        number = 1
        while (Path(parent) / f"{stem}-{number}").exists():
            number += 1
        return Path(parent) / f"{stem}-{number}"

    @property
    def config(self) -> Path:
        """The experiment."""
        return self.path / "config.toml"

    @property
    def checkpoint(self) -> Path:
        """State and counts."""
        return self.path / "checkpoint.safetensors"

    @property
    def metrics(self) -> Path:
        """Lines of kind progress, layers and epoch."""
        return self.path / "metrics.jsonl"

    @property
    def result(self) -> Path:
        """What the last part of the run came to."""
        return self.path / "result.json"

    @property
    def picture(self) -> Path:
        """Curves, one sample's spikes, weights."""
        return self.path / "run.png"

    def save(self, experiment: Experiment, state: State, counted: Counted | None = None) -> None:
        """Replace the checkpoint by a new, whole one."""
        checkpoint.save(self.checkpoint, experiment, state, counted)

    def add_metrics(self, record: dict[str, Any]) -> None:
        """Append one line to metrics.jsonl."""
        with open(self.metrics, "a") as file:
            file.write(json.dumps(record) + "\n")

    def read_metrics(self) -> list[dict[str, Any]]:
        """All lines of metrics.jsonl; a last line cut short by a crash is left out."""
        records = []
        for line in self.metrics.read_text().splitlines() if self.metrics.exists() else []:
            try:
                records.append(json.loads(line))
            except json.JSONDecodeError:
                break
        return records

    def last_metrics(self, kinds: tuple[str, ...]) -> dict[str, Any] | None:
        """The last whole line of metrics.jsonl of one of these kinds, from its end alone; None where there is none yet."""
        if not self.metrics.exists():
            return None
        with open(self.metrics, "rb") as file:
            start = max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES)
            file.seek(start)
            lines = file.read().split(b"\n")[bool(start):-1]
        records = (json.loads(line) for line in reversed(lines))
        return next((record for record in records if record["kind"] in kinds), None)

    def drop_after(self, n_trained: int) -> None:
        """Drop the metrics of samples that no checkpoint holds: a run that was killed learns them again."""
        kept = [record for record in self.read_metrics() if record["n_trained"] <= n_trained]
        write_whole(self.metrics, "".join(json.dumps(record) + "\n" for record in kept).encode())

    def write_result(self, result: dict[str, Any]) -> None:
        """Leave what the run came to as result.json."""
        write_whole(self.result, (json.dumps(result, indent=2) + "\n").encode())
