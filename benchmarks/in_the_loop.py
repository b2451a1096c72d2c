"""`python -m benchmarks.in_the_loop`: time of in-the-loop learning, part by part, and operations per sample, on digits."""
import sys
import time
from dataclasses import fields, replace

import numpy as np

from lava_opzo.board.energy import LOIHI1, estimate_nj
from lava_opzo.board.tables import print_table
from lava_opzo.data import load
from lava_opzo.engines.in_the_loop.engine import InTheLoopEngine
from lava_opzo.engines.in_the_loop.operations import Operations, SampleCounts
from lava_opzo.engines.in_the_loop.schedule import ForwardSchedule
from lava_opzo.engines.lava import watchdog
from lava_opzo.experiment.presets import digits
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network


def count_rows(counts: SampleCounts) -> list[tuple]:
    """One row per kind of operation, and the energy estimate: (name, OPZO, DFA, backpropagation)."""
    columns = counts.opzo, counts.dfa, counts.backpropagation
    rows = [(f.name.replace("_", " "), *(f"{getattr(column, f.name):.0f}" for column in columns)) for f in fields(Operations)]
    return [*rows, ("energy, nJ, an ESTIMATE", *(f"{estimate_nj(column):.0f}" for column in columns))]


def print_counts(counts: SampleCounts) -> None:
    """Operations per training sample of OPZO as it ran, and of the others with the same activity."""
    print_table("Operations per training sample", ("", "OPZO, measured", "DFA, derived", "backpropagation, derived"),
                count_rows(counts))
    print(f"energy = counts times published figures, not measured: {LOIHI1.source}")


def milliseconds(network: Network, frames: np.ndarray, labels: np.ndarray) -> tuple[float, float, SampleCounts]:
    """(ms per training sample, ms per evaluated sample, operations per training sample)."""
    with InTheLoopEngine(network, initial_state(network)) as engine:
        engine.train(frames[:5], labels[:5])
        started = time.perf_counter()
        engine.train(frames, labels)
        trained = time.perf_counter()
        engine.evaluate(frames)
        ended = time.perf_counter()
        counts = engine.counts
    scale = 1000 / len(frames)
    return (trained - started) * scale, (ended - trained) * scale, counts


def milliseconds_of_steps(network: Network, n: int, timeout: float = 300.0) -> float:
    """ms per sample of the same network and number of steps when nothing is exchanged."""
    steps = ForwardSchedule.of(network).length(network.learning.windows)
    with InTheLoopEngine(network, initial_state(network), exchange="variables") as engine:
        watchdog.run(engine.graph.exchange, 50, timeout)
        started = time.perf_counter()
        watchdog.run(engine.graph.exchange, n * steps, timeout)
        return (time.perf_counter() - started) * 1000 / n


def main(n: int = 300) -> None:
    """Both tables, over the first n digits."""
    network, data = digits().network, load("digits")
    frames, labels = data.train_frames[:n], data.train_labels[:n]
    rows = [("time steps alone, nothing exchanged", f"{milliseconds_of_steps(network, n):.1f}")]
    for gate in ("count", "psi"):
        gated = changed(network, learning=replace(network.learning, gate=gate))
        training, evaluation, counts = milliseconds(gated, frames, labels)
        rows.append((f"training sample, gate {gate}", f"{training:.1f}"))
    rows.append(("evaluated sample", f"{evaluation:.1f}"))
    print_table(f"In the loop on the simulator, {'-'.join(map(str, network.widths))}, {n} samples", ("", "ms"), rows)
    print_counts(counts)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
