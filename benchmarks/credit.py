"""Kinds of credit side by side: the same network, data and epochs, test accuracy over seeds; N-MNIST over splits, with one seed.

Run: `python -m benchmarks.credit [--mnist DIR] [--nmnist DIR] [--seeds 3] [--splits 5] [--validation N] [--json]`. With
--validation the last N training samples stand in for the test set.
"""
import argparse
import json
import statistics
import sys
from collections.abc import Callable
from dataclasses import replace

from rich.console import Console

from benchmarks.__main__ import table
from lava_opzo.data import Dataset
from lava_opzo.engines import registry
from lava_opzo.errors import UserError
from lava_opzo.experiment import credit_kinds, experiment, presets, samples
from lava_opzo.experiment.experiment import NUMBER_NAMES, Experiment
from lava_opzo.network.initial import initial_state
from lava_opzo.runs.loop import accuracy, train


def entries(base: Experiment) -> list[tuple[str, str]]:
    """(kind, number) of every row: the kinds that the twin has in each number system."""
    return [(kind, number) for number in NUMBER_NAMES for kind in credit_kinds.KINDS if _has(under(base, kind, number))]


def under(base: Experiment, kind: str, number: str) -> Experiment:
    """The experiment under another kind of credit, in a number system."""
    return experiment.changed(credit_kinds.assigned(base, kind), number=number)


def _has(chosen: Experiment) -> bool:
    """Whether the twin can learn it."""
    try:
        registry.check("twin", chosen.number, chosen.network)
    except UserError:
        return False
    return True


def measure(chosen: Experiment, dataset: Dataset) -> float:
    """Test accuracy in percent after the whole training."""
    state, rows = initial_state(chosen.network), dataset.train_frames.shape[1]
    with registry.make("twin", chosen.network, state, chosen.number, rows) as engine:
        for _ in train(engine, dataset, chosen.training):
            pass
        return 100 * accuracy(engine, dataset.test_frames, dataset.test_labels)


def members(name: str, path: str | None, seeds: int, splits: int, validation: int) -> list[tuple[Experiment, Dataset]]:
    """(experiment, data set) of every member of a row: seeds from 1 on, or for nmnist splits from 0 on."""
    base = experiment.changed(presets.COMPARED[name](), path=path, validation=validation)
    if name == "nmnist":
        bases = [replace(base, data=replace(base.data, seed=split)) for split in range(splits)]
        return [(each, samples.load_data(each)) for each in bases]
    dataset = samples.load_data(base)
    return [(experiment.changed(base, seed=seed), dataset) for seed in range(1, seeds + 1)]


def run(data: dict[str, str | None], seeds: int, splits: int, validation: int, show: Callable[[str], None]) -> list[dict]:
    """One row a data set, kind and number: data, network, credit, numbers, accuracies in percent, mean, standard deviation."""
    rows = []
    for name, path in data.items():
        chosen = members(name, path, seeds, splits, validation)
        for kind, number in entries(chosen[0][0]):
            found = []
            for base, dataset in chosen:
                found.append(measure(under(base, kind, number), dataset))
                show(f"{name} {kind} {number}: {found[-1]:.2f} %")
            rows.append({"data": name, "network": "-".join(map(str, chosen[0][0].network.widths)), "credit": kind,
                         "numbers": number, "test %": found, "mean": statistics.mean(found),
                         "spread": statistics.stdev(found) if len(found) > 1 else 0.0})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.credit", description=__doc__)
    parser.add_argument("--mnist", metavar="DIR", help="folder of MNIST's four files; digits need none")
    parser.add_argument("--nmnist", metavar="DIR", help="folder of N-MNIST recordings")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--validation", type=int, default=0, metavar="N", help="test on the last N training samples")
    parser.add_argument("--json", action="store_true", help="print the rows as one line of JSON")
    arguments = parser.parse_args()
    data = {"digits": None, **{name: path for name, path in (("mnist", arguments.mnist), ("nmnist", arguments.nmnist)) if path}}
    rows = run(data, arguments.seeds, arguments.splits, arguments.validation,
               lambda text: print(text, file=sys.stderr, flush=True))
    if arguments.json:
        print(json.dumps(rows))
        return
    shown = [{**row, "test %": ", ".join(f"{x:.2f}" for x in row["test %"]), "mean": f"{row['mean']:.2f}",
              "spread": f"{row['spread']:.2f}"} for row in rows]
    Console(width=120).print(table("credit", shown))


if __name__ == "__main__":
    main()
