"""Cost of a training sample of the twin against width and depth: 784 inputs and a bias line, 10 classes, one thread.

All sizes have learned the same SAMPLES samples, with the scales of `lava_opzo.experiment.scaling`; from there each round learns
the same ones again. Rounds go over all sizes in turn, so that ratios hold when the machine's speed drifts; the fastest round
counts. Seconds are those of the processor: for one thread those of the clock on a machine that does nothing else.
"""
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.twin import WEIGHT_BYTES, n_weights, samples, touched_bytes
from lava_opzo.engines.twin.integers.loop import train
from lava_opzo.experiment.scaling import network as network_of
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network

WIDTHS = (100, 200, 400, 800, 1600, 3200)
DEPTHS = (1, 2, 3, 4)
DEEP_WIDTH = 200
WIDEST_SCALES = 1600
SAMPLES = 3000
ROUNDS = 8
LEAST, NEURONS = 100, 600_000
"""Samples of a round: so many at least, and else so many divided by the hidden neurons."""


def sizes() -> list[tuple[str, tuple[int, ...]]]:
    """(what is varied, hidden widths): two layers of growing width, then more layers of one width."""
    return [("width", (n, n)) for n in WIDTHS] + [("depth", (DEEP_WIDTH,) * n) for n in DEPTHS]


def _network(hidden: tuple[int, ...]) -> Network:
    """The scales of that size; those of WIDEST_SCALES above it, where a credit scaled further would not fit 24 bits."""
    network = network_of(785, tuple(min(n, WIDEST_SCALES) for n in hidden), 10)
    return changed(network, hidden=tuple(replace(layer, n=n) for layer, n in zip(network.hidden, hidden, strict=True)))


class Case:
    """One network that has learned SAMPLES samples."""

    def __init__(self, varied: str, hidden: tuple[int, ...], frames: np.ndarray, labels: np.ndarray):
        self.network = _network(hidden)
        self.state = initial_state(self.network)
        self.varied, self.hidden, self.frames, self.labels = varied, hidden, frames, labels
        result = train(self.network, self.state, frames, labels)
        self.n = min(len(frames), max(LEAST, NEURONS // sum(hidden)))
        steps = len(frames) * self.network.schedule().window_steps
        self.active = result.spikes.sum() / (steps * sum(hidden))
        self.seconds = []

    def round(self) -> None:
        """Time some more samples."""
        state = self.state.copy()
        started = time.process_time()
        train(self.network, state, self.frames[:self.n], self.labels[:self.n])
        self.seconds.append((time.process_time() - started) / self.n)

    def row(self) -> dict:
        seconds = min(self.seconds)
        touched = touched_bytes(self.network, self.state, self.frames[:self.n], self.labels[:self.n]) / WEIGHT_BYTES
        weights = n_weights(self.network)
        return {"varied": self.varied, "network": "-".join(map(str, (784, *self.hidden, 10))), "samples_per_s": 1 / seconds,
                "us_per_sample": 1e6 * seconds, "weights": weights, "weights_kib": WEIGHT_BYTES * weights / 1024,
                "touched_weights": touched, "touched_share": touched / weights,
                "ns_per_touched_weight": 1e9 * seconds / touched, "active": float(self.active)}


def run(show: Callable[[str], None]) -> list[dict]:
    """One row a size; show(text) is called with signs of life."""
    frames, labels = samples(SAMPLES)
    cases = []
    for varied, hidden in sizes():
        show(f"scaling: {varied} {'-'.join(map(str, hidden))} learns {SAMPLES} samples")
        cases.append(Case(varied, hidden, frames, labels))
    for number in range(ROUNDS):
        show(f"scaling: round {number + 1} of {ROUNDS}")
        for case in cases:
            case.round()
    return [case.row() for case in cases]


def draw(path, rows: list[dict]) -> None:
    """The curves as a PNG."""
    from lava_opzo.report.figures import scaling_picture

    scaling_picture(path, rows)
