"""The trials of a tuning as lines of trials.jsonl that are only ever added, and as a table."""
import csv
import io
import os
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from lava_opzo.errors import FileWarning, UserError
from lava_opzo.files import json_lines, toml
from lava_opzo.tune.space import Knob

OWNER = "trials"

State = Literal["done", "pruned", "not replayable", "refused"]
"""How a trial ends: learned to its end; stopped as it was behind the others; left the ranges of a chip; cannot run or fit."""

DONE: State = "done"
PRUNED: State = "pruned"
NOT_REPLAYABLE: State = "not replayable"
REFUSED: State = "refused"


@dataclass(frozen=True)
class Trial:
    """One training with other settings.

    number: from 0, in the order in which they ended. steps: of every knob. seed: of weights and noise. curve: share of right
    answers on validation samples after each epoch. reason: why it was refused or is not replayable.
    """

    __pydantic_config__ = toml.STRICT
    number: int
    steps: dict[str, int]
    seed: int
    state: State
    curve: tuple[float, ...] = field(default=())
    seconds: float = 0.0
    reason: str = ""

    @property
    def accuracy(self) -> float | None:
        """On validation samples after its last epoch; None unless it is done."""
        return self.curve[-1] if self.state == DONE and self.curve else None

    @property
    def is_start(self) -> bool:
        """Whether no knob is turned: the settings that the tuning began with."""
        return not any(self.steps.values())


def append(path: Path, trial: Trial) -> None:
    """Add one line. Raises UserError where it cannot be written."""
    json_lines.append(OWNER, path, asdict(trial))


def read(path: Path, knobs: Sequence[Knob]) -> list[Trial]:
    """All whole lines; damaged ones are named in a FileWarning. knobs: of the tuning.

    Raises UserError for what is no regular file.
    """
    if not os.path.lexists(path):
        return []
    ranges = {knob.name: range(knob.low, knob.high + 1) for knob in knobs}
    found: list[Trial] = []

    def fits(record: json_lines.Record) -> bool:
        try:
            trial = toml.checked(Trial, record, OWNER)
        except UserError:
            return False
        good = trial.steps.keys() == ranges.keys() and all(steps in ranges[name] for name, steps in trial.steps.items())
        if good and (trial.state != DONE or trial.curve) and all(0 <= share <= 1 for share in trial.curve):
            found.append(trial)
            return True
        return False

    _, damaged = json_lines.read(OWNER, path, fits)
    if damaged:
        warnings.warn(f"{OWNER} {path}: line{'s' * (len(damaged) > 1)} {', '.join(map(str, damaged[:10]))} damaged and left out; "
                      "the file stays as it is", FileWarning, stacklevel=2)
    return found


def comma_separated(trials: Sequence[Trial], knobs: Sequence[Knob]) -> str:
    """One line a trial, the best first; accuracies are shares, empty where there is none."""
    text, names = io.StringIO(), [knob.name for knob in knobs]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["trial", "state", "validation_accuracy", "seed", "epochs", "seconds", *names, "reason"])
    for one in ranked(trials):
        writer.writerow([one.number, one.state, one.accuracy, one.seed, len(one.curve), round(one.seconds, 3),
                         *(one.steps[name] for name in names), one.reason])
    return text.getvalue()


def ranked(trials: Sequence[Trial]) -> list[Trial]:
    """The best first: those that are done by accuracy, then the others; equal ones in their order."""
    return sorted(trials, key=lambda trial: -1.0 if trial.accuracy is None else trial.accuracy, reverse=True)
