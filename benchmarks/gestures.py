"""Recordings of gestures cut in time: learn windows of the first part of each, tell the recordings apart in what comes after it.

Run: `python -m benchmarks.gestures FOLDER [--hidden 100] [--seeds 1 2 3]` for a folder of .bs2 files, one a class: five bytes an
event, as those of N-MNIST, 128 x 128 pixels. A window is 160 ms in 16 steps; those that end within the first second are learned,
those that begin after it are predicted, and each begins 10 ms after the one before. Every recipe is taken as it is.
"""
import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.accuracies import after_epochs
from lava_opzo.data.dataset import Dataset, with_bias
from lava_opzo.data.events import from_events
from lava_opzo.data.nmnist import decoded
from lava_opzo.engines.twin.integers.engine import TwinEngine
from lava_opzo.experiment.experiment import Training
from lava_opzo.experiment.scaling import plan, scaled_network
from lava_opzo.experiment.step_scaling import EPOCHS, STEPS, step_network
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network

SIDE, DOWNSAMPLE = 128, 8
WINDOW, STRIDE, PART = 160_000, 10_000, 1_000_000
"""In us; the part that is learned comes first."""


def events_of(file: Path) -> np.ndarray:
    """(events, 4): x, y, t in us, p, in the order of their times."""
    fields = decoded(np.frombuffer(file.read_bytes(), np.uint8))
    return np.stack([fields[axis] for axis in "xytp"], axis=1)[np.argsort(fields["t"], kind="stable")]


def windows(recordings: list[np.ndarray], first: int, last: int) -> Dataset:
    """All windows between two times, a class for each recording, without a bias line."""
    cut, labels = [], []
    for label, events in enumerate(recordings):
        t = events[:, 2] - events[0, 2]
        for start in range(first, min(last, int(t[-1])) - WINDOW + 1, STRIDE):
            cut.append(events[(t >= start) & (t < start + WINDOW)])
            labels.append(label)
    return from_events(cut, labels, SIDE, SIDE, steps=STEPS, downsample=DOWNSAMPLE, n_test=0)


def cut_in_time(files: list[Path]) -> Dataset:
    """Windows of the first part to learn, later ones to test."""
    recordings = [events_of(file) for file in files]
    learned, later = windows(recordings, 0, PART), windows(recordings, PART, 1 << 62)
    return replace(learned, train_frames=with_bias(learned.train_frames), test_frames=with_bias(later.train_frames),
                   test_labels=later.train_labels)


def right(network: Network, dataset: Dataset, epochs: int) -> tuple[float, float]:
    """Percent of the later windows that are predicted right, after one epoch and after all."""
    with TwinEngine(network, initial_state(network)) as engine:
        found = [after for _, after in after_epochs(engine, dataset, Training(epochs))]
    return found[0], found[-1]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gestures", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hidden", type=int, default=100)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    options = parser.parse_args()
    files = sorted(options.folder.glob("*.bs2"), key=lambda file: (len(file.stem), file.stem))
    if len(files) < 2:
        parser.error(f"{options.folder} holds {len(files)} .bs2 files, and telling them apart takes two; give another folder")
    dataset = cut_in_time(files)
    frames = dataset.train_frames
    print(f"twin: {len(files)} recordings, {len(frames)} windows learned, {len(dataset.test_labels)} later ones predicted\n")
    print("| weights learn | seed | after one epoch, % | after all, % | epochs |\n|---|---|---|---|---|")
    once = plan(len(frames), (options.hidden,)).epochs
    for seed in options.seeds:
        for what, epochs, network in (
                ("in every step", EPOCHS, step_network(frames, len(files), options.hidden, seed)),
                ("at the end of a sample", once, scaled_network(frames, len(files), (options.hidden,), STEPS, seed))):
            first, last = right(network, dataset, epochs)
            print(f"| {what} | {seed} | {first:.2f} | {last:.2f} | {epochs} |", flush=True)


if __name__ == "__main__":
    main()
