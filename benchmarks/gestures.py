"""Recordings of gestures cut in time: learn windows of the first part of each, tell the recordings apart in what comes after it.

Run: `python -m benchmarks.gestures FOLDER [--hidden 100] [--seeds 1 2 3]` for a folder of .bs2 files, one a class: five bytes an
event, as those of N-MNIST, 128 x 128 pixels. A window is 160 ms in 16 steps; those that end within the first second are learned,
those that begin after it are predicted, and each begins 10 ms after the one before. Every recipe is taken as it is.
"""
import argparse
from pathlib import Path

import numpy as np

from lava_opzo.data.dataset import with_bias
from lava_opzo.data.events import from_events
from lava_opzo.engines.twin.integers.engine import TwinEngine
from lava_opzo.experiment.scaling import plan, scaled_network
from lava_opzo.experiment.step_scaling import EPOCHS, STEPS, step_network
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.runs.loop import accuracy

SIDE, DOWNSAMPLE = 128, 8
WINDOW, STRIDE, PART = 160_000, 10_000, 1_000_000
"""In us; the part that is learned comes first."""

Samples = tuple[np.ndarray, np.ndarray]
"""Frames with a bias line, and labels."""


def events_of(file: Path) -> np.ndarray:
    """(events, 4): x, y, t in us, p."""
    x, y, high, middle, low = np.frombuffer(file.read_bytes(), np.uint8).reshape(-1, 5).T.astype(np.int64)
    events = np.stack([x, y, (high & 127) << 16 | middle << 8 | low, high >> 7], axis=1)
    return events[np.argsort(events[:, 2], kind="stable")]


def windows(files: list[Path], first: int, last: int) -> Samples:
    """All windows between two times, a class for each file."""
    cut, labels = [], []
    for label, events in enumerate(map(events_of, files)):
        t = events[:, 2] - events[0, 2]
        for start in range(first, min(last, int(t[-1])) - WINDOW + 1, STRIDE):
            cut.append(events[(t >= start) & (t < start + WINDOW)])
            labels.append(label)
    found = from_events(cut, labels, SIDE, SIDE, steps=STEPS, downsample=DOWNSAMPLE, n_test=0)
    return with_bias(found.train_frames), found.train_labels


def right(network: Network, learned: Samples, later: Samples, epochs: int) -> tuple[float, float]:
    """Percent of the later windows that are predicted right, after one epoch and after all."""
    found, (frames, labels) = [], learned
    with TwinEngine(network, initial_state(network)) as engine:
        for epoch in range(epochs):
            order = np.random.default_rng([0, epoch]).permutation(len(labels))
            engine.train(frames[order], labels[order])
            found.append(100 * accuracy(engine, *later))
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
    learned, later = windows(files, 0, PART), windows(files, PART, 1 << 62)
    frames = learned[0]
    print(f"twin: {len(files)} recordings, {len(frames)} windows learned, {len(later[1])} later ones predicted\n")
    print("| weights learn | seed | after one epoch, % | after all, % | epochs |\n|---|---|---|---|---|")
    once = plan(len(frames), 1).epochs
    for seed in options.seeds:
        for what, epochs, network in (
                ("in every step", EPOCHS, step_network(frames, len(files), options.hidden, seed)),
                ("at the end of a sample", once, scaled_network(frames, len(files), (options.hidden,), STEPS, seed))):
            first, last = right(network, learned, later, epochs)
            print(f"| {what} | {seed} | {first:.2f} | {last:.2f} | {epochs} |", flush=True)


if __name__ == "__main__":
    main()
