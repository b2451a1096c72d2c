"""OPZO beside a fixed random M (DFA) in real numbers in a convolution: the same network, data and epochs, accuracy over seeds.

Run: `python -m benchmarks.image_credit DIR [--dataset cifar10] [--hidden 32c5s2] [--kinds opzo=14 dfa=10] [--epochs 4]
[--seeds 1 2 3] [--validation N]`. A kind stands with the y_shift of the hidden layers that learn; the learning rate halves as
often as in the recipe, over these epochs. With --validation the last N training samples stand in for the test set, which settings
are chosen on. Every epoch is a line on standard error, every kind a row.
"""
import argparse
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.accuracies import after_epochs, row
from lava_opzo.data.dataset import Dataset
from lava_opzo.engines.twin.reals.engine import RealTwinEngine
from lava_opzo.experiment.choose import choose
from lava_opzo.experiment.credit_kinds import CREDITS
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network

KINDS = ("opzo", "dfa")


def scaled(base: Experiment, kind: str, y_shift: int, epochs: int, n_samples: int) -> Network:
    """The network of the recipe under a kind of credit, for so many epochs of n_samples."""
    learning = base.network.learning
    hidden = tuple(layer if layer.frozen else replace(layer, y_shift=y_shift) for layer in base.network.hidden)
    return changed(base.network, hidden=hidden, learning=replace(
        learning, credit=CREDITS.get(kind, learning.credit), halve_every=n_samples * epochs // (learning.max_halvings + 1)))


def trained(base: Experiment, network: Network, dataset: Dataset, epochs: int, name: str) -> float:
    """Percent right without noise after all epochs."""
    right = 0.0
    with RealTwinEngine(network, initial_state(network)) as engine:
        for progress, right in after_epochs(engine, dataset, replace(base.training, epochs=epochs)):
            learning = 100 * progress.hits_in_epoch / progress.seen_in_epoch
            print(f"{name}, epoch {progress.epoch}: {learning:.2f} % right while learning, {right:.2f} % then, "
                  f"{progress.samples_per_s:.0f} samples/s", file=sys.stderr, flush=True)
    return right


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.image_credit", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dataset", default="cifar10")
    parser.add_argument("--hidden", default="32c5s2")
    parser.add_argument("--kinds", nargs="+", default=["opzo=14", "dfa=10"], metavar="KIND=Y_SHIFT")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--validation", type=int, default=0)
    options = parser.parse_args()
    kinds = [named.partition("=")[::2] for named in options.kinds]
    if odd := [kind for kind, y_shift in kinds if kind not in KINDS or not y_shift.isdecimal()]:
        parser.error(f"--kinds {odd[0]}: give {' or '.join(KINDS)} with a y_shift, as opzo=14")
    base, dataset = choose(options.dataset, options.folder, options.hidden, options.validation)
    print("| credit, y_shift | right, % | mean | spread |\n|---|---|---|---|", flush=True)
    for kind, y_shift in kinds:
        network = scaled(base, kind, int(y_shift), options.epochs, len(dataset.train_labels))
        found = [trained(base, changed(network, seed=seed), dataset, options.epochs, f"{kind}={y_shift}, seed {seed}")
                 for seed in options.seeds]
        print(row(f"{kind}, {y_shift}", found), flush=True)


if __name__ == "__main__":
    main()
