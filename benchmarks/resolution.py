"""What 8 bits a weight cost: the same training with weights, thresholds and rails 2 or 4 times as large, so that a step is finer.

Run: `python -m benchmarks.resolution DIR [--hidden 200,200] [--epochs 8] [--validation 5000] [--extra 0 1 2]` for a folder of idx
files. No chip has the wider weights; the row says what is lost to the resolution and the range of those it has. Accuracy on the
last N training samples; both ends are printed: the rails stay (finer steps, less room) or move with the weights.
"""
import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from lava_opzo.data.dataset import Dataset
from lava_opzo.engines.twin.integers.engine import TwinEngine
from lava_opzo.experiment.centring import is_centred
from lava_opzo.experiment.choose import choose
from lava_opzo.experiment.scaling import Recipe, measure, network, plan
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.profile import LOIHI_254, Profile


class Wide(Profile):
    """Rails that no chip has."""

    def __post_init__(self) -> None:
        """Without the check that a weight has 8 bits."""


def finer(recipe: Recipe, extra: int) -> Recipe:
    """The recipe with weights of `extra` bits more: every scale follows, so that the network is the same but for its steps."""
    return replace(recipe, first_sigma=recipe.first_sigma * 2 ** extra, upper_sigma=recipe.upper_sigma * 2 ** extra,
                   readout_sigma=recipe.readout_sigma * 2 ** extra, upper_vth=recipe.upper_vth * 2 ** extra,
                   first_y_shift=recipe.first_y_shift - extra, upper_y_shift=recipe.upper_y_shift - extra,
                   readout_y_shift=recipe.readout_y_shift - extra, error_shift=recipe.error_shift + extra,
                   d_shift=recipe.d_shift + extra)


def trained(dataset: Dataset, hidden: list[int], centred: bool, extra: int, wide: bool, epochs: int) -> tuple[float, float, int]:
    """(right while learning in the last epoch, right on validation samples, in percent; touches of rails by W)."""
    frames, labels = dataset.train_frames, dataset.train_labels
    chosen = plan(len(labels), hidden, centred)
    recipe = finer(chosen.recipe, extra)
    built = network(frames.shape[2], hidden, dataset.n_classes, scale=measure(frames, recipe.steps, recipe.spread), recipe=recipe,
                    halve_every=len(labels) * epochs // (chosen.halvings + 1), max_halvings=chosen.halvings)
    if wide:
        built = changed(built, profile=Wide("wide", -(256 << extra), (256 << extra) - 2, LOIHI_254.input_bits))
    with TwinEngine(built, initial_state(built)) as engine:
        right = 0
        for epoch in range(epochs):
            order = np.random.default_rng([0, epoch]).permutation(len(labels))
            right = int((engine.train(frames[order], labels[order]) == labels[order]).sum())
        found = float((engine.evaluate(dataset.test_frames) == dataset.test_labels).mean())
        touches = engine.seen().rail_touches or {}
    return 100 * right / len(labels), 100 * found, sum(count for name, count in touches.items() if name.startswith("W"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resolution", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hidden", default="200,200")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--validation", type=int, default=5000)
    parser.add_argument("--extra", type=int, nargs="+", default=[0, 1, 2], help="bits that a weight has more than 8")
    options = parser.parse_args()
    experiment, dataset = choose("idx", options.folder, options.hidden, options.validation)
    hidden = [layer.n for layer in experiment.network.hidden]
    centred = is_centred(experiment.data)
    print("| steps finer by | rails | right while learning % | validation % | rail touches of W |\n|---|---|---|---|---|")
    for extra in options.extra:
        for wide in (False, True):
            learning, found, touches = trained(dataset, hidden, centred, extra, wide, options.epochs)
            rails = "wider by as much" if wide else "of the chip"
            print(f"| {1 << extra} | {rails} | {learning:.2f} | {found:.2f} | {touches} |", flush=True)


if __name__ == "__main__":
    main()
