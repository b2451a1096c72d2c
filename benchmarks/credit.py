"""Kinds of credit side by side: the same network, data and epochs, test accuracy over seeds; N-MNIST over splits, with one seed.

Run: `python -m benchmarks.credit [--mnist DIR] [--nmnist DIR] [--seeds 3] [--splits 5] [--validation N] [--json]`. With --validation
the last N training samples stand in for the test set.
"""
import argparse
import json
import statistics
import sys
from dataclasses import replace

from rich.console import Console

from benchmarks.__main__ import table
from lava_opzo.arithmetic.names import MODELS
from lava_opzo.engines.registry import factory
from lava_opzo.experiment import credit_kinds, experiment, presets, samples
from lava_opzo.learning.credit import LOCAL_CREDITS
from lava_opzo.network.initial import initial_state
from lava_opzo.runs.loop import accuracy, train


def entries() -> list[tuple[str, str]]:
    """(kind, model) of every row: integers have only what a neuron can know."""
    return [(kind, model) for model in MODELS for kind in credit_kinds.KINDS
            if model == "floating_pt" or kind in (*LOCAL_CREDITS, "one-window")]


def measure(chosen, model: str, dataset) -> float:
    """Test accuracy in percent after the whole training."""
    with factory("twin", model)(chosen.network, initial_state(chosen.network), dataset.train_frames.shape[1]) as engine:
        for _ in train(engine, dataset, chosen.training):
            pass
        return 100 * accuracy(engine, dataset.test_frames, dataset.test_labels)


def members(name: str, path: str | None, seeds: int, splits: int, validation: int) -> list:
    """(experiment, data set) of every member of a row: seeds from 1 on, or for nmnist splits from 0 on."""
    base = experiment.changed(presets.PRESETS[name](), path=path, validation=validation)
    if name == "nmnist":
        bases = [replace(base, data=replace(base.data, seed=split)) for split in range(splits)]
        return [(each, samples.load_data(each)) for each in bases]
    dataset = samples.load_data(base)
    return [(experiment.changed(base, seed=seed), dataset) for seed in range(1, seeds + 1)]


def run(data: dict[str, str | None], seeds: int, splits: int, validation: int, show) -> list[dict]:
    """One row a data set, kind and model: data, network, credit, numbers, accuracies in percent, mean, sample standard deviation."""
    rows = []
    for name, path in data.items():
        chosen = members(name, path, seeds, splits, validation)
        for kind, model in entries():
            found = []
            for base, dataset in chosen:
                found.append(measure(credit_kinds.assigned(base, kind), model, dataset))
                show(f"{name} {kind} {model}: {found[-1]:.2f} %")
            rows.append({"data": name, "network": "-".join(map(str, base.network.widths)), "credit": kind, "numbers": model,
                         "test %": found, "mean": statistics.mean(found),
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
    rows = run(data, arguments.seeds, arguments.splits, arguments.validation, lambda text: print(text, file=sys.stderr, flush=True))
    if arguments.json:
        print(json.dumps(rows))
        return
    shown = [{**row, "test %": ", ".join(f"{x:.2f}" for x in row["test %"]), "mean": f"{row['mean']:.2f}",
              "spread": f"{row['spread']:.2f}"} for row in rows]
    Console(width=120).print(table("credit", shown))


if __name__ == "__main__":
    main()
