"""Two independent training runs of the twin at once, in two threads of one process, against one: total samples/s.

The compiled loop holds no interpreter lock. A single run stays in one thread: each sample is learned with the weights that the
sample before it left, and that order is part of the bits. Seconds of the clock say what was reached beside the other load of the
moment; processor time a sample says what two runs cost each other (caches, memory), whatever else runs.
"""
import os
import threading
import time
from collections.abc import Callable

import numpy as np

from benchmarks.twin import NETWORKS, network as network_of, samples
from lava_opzo.engines.twin.integers.loop import train
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.state import State

ROUNDS = 15
SAMPLES = 4000


def seconds(network: Network, states: list[State], frames: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Seconds of the clock and of the processor in which every state learns all samples, each in its own thread."""
    threads = [threading.Thread(target=train, args=(network, state, frames, labels)) for state in states]
    started, used = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started, time.process_time() - used


def measure(hidden: tuple[int, ...]) -> dict:
    """Total samples/s and processor time of one and of two runs, which take turns; the fastest round of each counts."""
    network, (frames, labels) = network_of(hidden), samples(SAMPLES)
    states = [initial_state(network) for _ in range(2)]
    seconds(network, states, frames, labels)
    one, two = [], []
    for _ in range(ROUNDS):
        one.append(seconds(network, states[:1], frames, labels))
        two.append(seconds(network, states, frames, labels))

    (one_clock, one_used), (two_clock, two_used) = (map(min, zip(*rounds, strict=True)) for rounds in (one, two))
    return {"one_run_samples_per_s": SAMPLES / one_clock, "two_runs_samples_per_s": 2 * SAMPLES / two_clock,
            "times_one": 2 * one_clock / two_clock, "one_run_cpu_us": 1e6 * one_used / SAMPLES,
            "two_runs_cpu_us": 1e6 * two_used / (2 * SAMPLES), "cores": os.cpu_count(), "load": os.getloadavg()[0]}


def run(show: Callable[[str], None]) -> list[dict]:
    """One row a network; show(text) is called with signs of life."""
    rows = []
    for name, hidden in NETWORKS.items():
        show(f"threads {name}: one run and two runs in turn, {ROUNDS} rounds of {SAMPLES} samples")
        rows.append({"network": name, **measure(hidden)})
    return rows
