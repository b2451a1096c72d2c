"""Learning curves of several runs: those that differ in their seeds alone become one curve with its spread."""
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lava_opzo.errors import UserError
from lava_opzo.experiment import fields
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.runs import checkpoint
from lava_opzo.runs.folder import RunFolder
from lava_opzo.silicon.readouts import VALUES

SEEDS = ("network.seed", "data.seed", "training.order_seed", "training.epochs")
"""What may differ between the runs of one curve."""

MEASURES = ("train_accuracy", "test_accuracy")


@dataclass(frozen=True, eq=False)
class Curve:
    """Accuracy over samples learned, of runs with the same settings.

    name: the settings in which this curve differs from the others. runs: how many there are. measured_on: what the samples of
    test_accuracy are. points: `train_accuracy` or `test_accuracy` -> columns n_trained, mean, standard deviation (over n - 1, 0
    of one run), and number of runs that got there.

    Shapes:
        points: float64 (points, 4).
    """

    name: str
    runs: int
    measured_on: str
    points: dict[str, np.ndarray]


def curves(runs: Sequence[RunFolder]) -> list[Curve]:
    """One curve for each setting, in the order of the runs. Raises UserError for a run that has no whole epoch yet."""
    loaded = [(checkpoint.load(run.checkpoint)[0], run) for run in runs]
    for experiment, run in loaded:
        if experiment.network.readout.kind == VALUES:
            raise UserError(f"{run.owner}: its outputs are values, which have no accuracy to draw; compare it with lava-opzo "
                            "compare, or plot it alone")
    found = [(_settings(experiment), experiment, _epochs(run)) for experiment, run in loaded]
    groups: dict[str, list[int]] = {}
    for number, (settings, _, _) in enumerate(found):
        groups.setdefault(repr(settings), []).append(number)
    firsts = [found[numbers[0]][0] for numbers in groups.values()]
    differing = [name for name in dict.fromkeys(name for one in firsts for name in one)
                 if len({repr(one.get(name)) for one in firsts}) > 1]
    return [Curve(", ".join(f"{name} = {found[numbers[0]][0].get(name)}" for name in differing) or "all runs", len(numbers),
                  found[numbers[0]][1].data.measured_on,
                  {name: _points([found[number][2] for number in numbers], name) for name in MEASURES})
            for numbers in groups.values()]


def _settings(experiment: Experiment) -> dict[str, Any]:
    return {name: value for name, value in fields.values(experiment.fields()).items() if name not in SEEDS}


def _epochs(run: RunFolder) -> list[dict[str, Any]]:
    epochs = [line for line in run.read_metrics() if line["kind"] == "epoch"]
    if not epochs:
        raise UserError(f"{run.owner}: has no whole epoch yet; go on with it, or leave it out")
    return epochs


def _points(members: list[list[dict[str, Any]]], name: str) -> np.ndarray:
    values: dict[int, list[float]] = {}
    for epochs in members:
        for line in epochs:
            if line[name] is not None:
                values.setdefault(line["n_trained"], []).append(line[name])
    rows = [(n, np.mean(shares), np.std(shares, ddof=1) if len(shares) > 1 else 0.0, len(shares))
            for n, shares in sorted(values.items())]
    return np.array(rows, np.float64).reshape(-1, 4)
