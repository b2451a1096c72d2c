"""Time per step and samples per second of the Lava graph: stock LearningDense, our event-driven model, floating point.

The engines take turns in the same run, so that their ratio holds when the machine's speed drifts.
"""
import statistics
import time
from collections.abc import Callable

import numpy as np

from lava_opzo.engines.lava.engine import LavaEngine
from lava_opzo.experiment.scaling import network as network_of
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.silicon.profile import STOCK_LAVA

ENGINES = {"stock": ("fixed", "stock"), "fast": ("fixed", "fast"), "real numbers": ("real", "fast")}
NETWORKS = {"64-100-100-10": (64, (100, 100), 10), "784-200-200-10": (784, (200, 200), 10)}
ROUNDS = 3
SECONDS = 4.0
"""Aim of one round of one engine; the number of samples follows from it."""


def samples(network: Network, n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Images a fifth of whose lines are active (as in MNIST), the bias line at 15, and random labels."""
    rng = np.random.default_rng(seed)
    frames = rng.integers(1, 16, (n, 1, network.input.n)) * (rng.random((n, 1, network.input.n)) < 0.2)
    frames[:, :, -1] = 15
    return frames.astype(np.uint8), rng.integers(0, network.readout.n, n)


def measure(network: Network) -> dict[str, dict]:
    """Engine name -> median ms_per_step and samples_per_s of `ROUNDS` rounds, each after a warm-up."""
    frames, labels = samples(network, 512)
    length = network.schedule().length
    engines = {name: LavaEngine(network, initial_state(network), number=number, kind=kind, capacity=512)
               for name, (number, kind) in ENGINES.items()}
    seconds = {name: [] for name in engines}
    try:
        counts = {}
        for name, engine in engines.items():
            engine.train(frames[:3], labels[:3])
            counts[name] = max(3, min(512, int(SECONDS / _timed(engine, frames[:3], labels[:3]) * 3)))
        for _ in range(ROUNDS):
            for name, engine in engines.items():
                n = counts[name]
                seconds[name].append(_timed(engine, frames[:n], labels[:n]) / n)
    finally:
        for engine in engines.values():
            engine.stop()
    return {name: {"ms_per_step": 1000 * statistics.median(times) / length, "samples_per_s": 1 / statistics.median(times)}
            for name, times in seconds.items()}


def _timed(engine, frames, labels) -> float:
    start = time.perf_counter()
    engine.train(frames, labels)
    return time.perf_counter() - start


def run(show: Callable[[str], None]) -> list[dict]:
    """Rows of all networks and engines; show(text) is called with signs of life."""
    rows = []
    for name, (n_in, hidden, n_out) in NETWORKS.items():
        show(f"Lava graph {name}: {', '.join(ENGINES)}, {ROUNDS} rounds of about {SECONDS:.0f} s each")
        figures = measure(changed(network_of(n_in + 1, hidden, n_out), profile=STOCK_LAVA))
        stock = figures["stock"]["samples_per_s"]
        rows += [{"network": name, "engine": engine, **values, "times_stock": values["samples_per_s"] / stock}
                 for engine, values in figures.items()]
    return rows
