"""From the paper's algorithm in real numbers to integers that learn on: accuracy before, after, and after images have moved.

Run: `python -m benchmarks.conversion DATASET [--data DIR] [--hidden 200,200] [--credit opzo] [--epochs 3] [--pixels 3]
[--seeds 3]`. The preset of the paper learns in torch; its weights go through a file of `lava-opzo import-network` into the twin,
which learns one epoch of training images that are moved to the right, one sample at a time.
"""
import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from lava_opzo.data.dataset import Dataset
from lava_opzo.engines.twin.integers.engine import TwinEngine
from lava_opzo.experiment.choose import choose
from lava_opzo.export import from_paper, state_dict
from lava_opzo.export.learnable import to_learning
from lava_opzo.network.form import changed as network_changed
from lava_opzo.network.network import Network as Integers
from lava_opzo.network.state import State
from lava_opzo.paper.learner import Learner
from lava_opzo.paper.network import Network
from lava_opzo.paper.presets import preset
from lava_opzo.paper.samples import Part, loaded
from lava_opzo.paper.setup import changed
from lava_opzo.paper.training import accuracy, train
from lava_opzo.silicon.profile import PAYLOAD_MAX


def moved(frames: np.ndarray, shape: tuple[int, ...], pixels: int) -> np.ndarray:
    """Images moved to the right; what leaves comes in as 0, lines after the image stay. Shapes: uint8 (n, F, lines)."""
    size, found = int(np.prod(shape)), frames.copy()
    images = frames[:, :, :size].reshape(*frames.shape[:2], *shape)
    there = np.zeros_like(images)
    there[:, :, :, pixels:] = images[:, :, :, :shape[1] - pixels]
    found[:, :, :size] = there.reshape(*frames.shape[:2], size)
    return found


def converted(network: Network, template: Integers, dataset: Dataset) -> tuple[Integers, State]:
    """Integers and a state that learn on from a network in real numbers, through a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / from_paper.NAME
        from_paper.write(path, network)
        learning = template.learning
        unit = PAYLOAD_MAX / (learning.steps if template.input.spread else 1)
        forward = state_dict.read(path, unit, template.input.n)
    learning = replace(learning, steps=forward.steps or learning.steps)
    return to_learning(forward, network_changed(template, learning=learning), dataset.train_frames[:200])


def told(seed: int, options: argparse.Namespace) -> str:
    """One row of the table, in percent."""
    setup = changed(preset(options.dataset), {"data.path": options.data, "hidden": options.hidden, "credit": options.credit,
                                              "epochs": options.epochs, "seed": seed})
    samples = loaded(setup)
    learner = Learner(Network(setup, samples.shape, samples.n_classes))
    *_, last = train(learner, samples, 0)
    experiment, dataset = choose(options.dataset, Path(options.data) if options.data else None, options.hidden)
    assert dataset.shape is not None
    away = moved(dataset.test_frames, dataset.shape, options.pixels)
    shown = away[:, :, :int(np.prod(dataset.shape))].reshape(samples.test.frames.shape)
    found = [last.test, accuracy(learner.network, Part(torch.from_numpy(shown), samples.test.labels))]
    network, state = converted(learner.network, experiment.network, dataset)
    with TwinEngine(network, state) as engine:
        def right(frames: np.ndarray) -> float:
            return float((engine.evaluate(frames) == dataset.test_labels).mean())
        found += [right(dataset.test_frames), right(away)]
        order = np.random.default_rng(seed).permutation(len(dataset.train_labels))
        engine.train(moved(dataset.train_frames, dataset.shape, options.pixels)[order], dataset.train_labels[order])
        found += [right(away), right(dataset.test_frames)]
    return f"| {seed} | " + " | ".join(f"{100 * (one or 0.0):.2f}" for one in found) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.conversion", description=__doc__)
    parser.add_argument("dataset", choices=("digits", "mnist"))
    parser.add_argument("--data", default="")
    parser.add_argument("--hidden", default="200,200")
    parser.add_argument("--credit", default="opzo")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--pixels", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(1)
    print("| seed | real numbers, test | moved | integers, test | moved | after an epoch of moved images: moved | not moved |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for seed in range(1, options.seeds + 1):
        print(told(seed, options), flush=True)


if __name__ == "__main__":
    main()
