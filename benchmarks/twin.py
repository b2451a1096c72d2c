"""Training samples per second of the twin in one thread, against the memory traffic that a sample cannot avoid.

Run: `python -m benchmarks.twin [--json]`. Bandwidth is measured in the same process, on an array as large as the weights (they
may lie in a cache) and on one of 256 MiB.
"""
import argparse
import json
import statistics
import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numba import njit

from lava_opzo.engines.twin.integers.loop import run as learn, train
from lava_opzo.engines.twin.integers.memory import pack
from lava_opzo.engines.twin.integers.scratch import counters, scratch
from lava_opzo.engines.twin.layout import flat
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Hidden, Readout
from lava_opzo.network.state import State

NETWORKS = {"784-200-200-10": (200, 200), "784-800-800-10": (800, 800)}
WEIGHT_BYTES = 2
ROUNDS = 5
SAMPLES = 4000
COUNTED = 100
MEMORY_BYTES = 1 << 28


def network(hidden: tuple[int, ...]) -> Network:
    """784 inputs and a bias input, 10 classes."""
    first = Hidden(hidden[0], vth=24000, bias_mant=2400, bias_exp=6, psi_width=12000, y_shift=17)
    upper = [Hidden(n, vth=800, bias_mant=2560, bias_exp=1, psi_width=400, y_shift=19) for n in hidden[1:]]
    return Network.chain(785, (first, *upper), Readout(10, error_shift=4, y_shift=8, d_shift=9),
                         sigma=(18.0, *(28.0 for _ in upper), 4.0), x_shift=(8, *(3 for _ in upper), 3))


def samples(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Ten noisy prototypes, as sparse as handwritten digits (a fifth of the pixels), and their numbers; the bias input last."""
    rng = np.random.default_rng(seed)
    prototypes = rng.integers(1, 16, (10, 784)) * (rng.random((10, 784)) < 0.2)
    labels = rng.integers(0, 10, n)
    frames = np.where(rng.random((n, 784)) < 0.9, prototypes[labels], prototypes[rng.integers(0, 10, n)])
    return np.concatenate([frames, np.full((n, 1), 15)], axis=1)[:, None].astype(np.uint8), labels.astype(np.int32)


def bandwidth(n_bytes: int) -> float:
    """Bytes read and written a second by the fastest of ten in-place passes over n_bytes of 16-bit numbers."""
    @njit
    def add_one(values, passes):
        for _ in range(passes):
            for i in range(values.size):
                values[i] = np.int16(values[i] + 1)

    values, passes, seconds = np.zeros(n_bytes // 2, np.int16), max(1, (1 << 28) // n_bytes), []
    add_one(values, 1)
    for _ in range(10):
        start = time.perf_counter()
        add_one(values, passes)
        seconds.append(time.perf_counter() - start)
    return 2 * n_bytes * passes / min(seconds)


def touched_bytes(network: Network, state: State, frames: np.ndarray, labels: np.ndarray) -> float:
    """Bytes of weights and M that a sample reads and writes when each is moved once a phase; the mean over the samples.

    Forward: rows of active inputs are read. Update: rows with x > 0 are read and written where the layer learns anything.
    M: columns with an error are read, columns with a dhat are read and written.
    """
    net, memory = flat(network), pack(network, state)
    work, seen = scratch(net, 1), counters(network, 1)
    total = 0
    for s in range(len(frames)):
        learn(net, memory, frames[s:s + 1], labels[s:s + 1, None], True, 0, work, seen, None)
        counts = [work.input_count, *(work.count[a:b] for a, b in pairwise(net.neuron[:-1]))]
        steps = [work.steps[a:b] for a, b in pairwise(net.neuron)]
        for count, change, connection in zip(counts, steps, network.forward, strict=True):
            eligible = (count.astype(np.int64) + ((1 << connection.x_shift) >> 1)) >> connection.x_shift > 0
            total += connection.topology.n_post * (np.count_nonzero(count) + 2 * change.any() * np.count_nonzero(eligible))
        columns = np.count_nonzero(work.error) + 2 * np.count_nonzero(work.dhat)
        total += columns * sum(layer.n for layer in network.hidden)
    return WEIGHT_BYTES * total / len(frames)


def n_weights(network: Network) -> int:
    """Weights of the forward connections."""
    return sum(connection.topology.n_pre * connection.topology.n_post for connection in network.forward)


def measure(network: Network) -> dict[str, float]:
    """The median of `ROUNDS` rounds after a warm-up that has learned the task, and the bound of the same moment."""
    frames, labels = samples(SAMPLES)
    state = initial_state(network)
    train(network, state, frames, labels)
    rates = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        train(network, state, frames, labels)
        rates.append(SAMPLES / (time.perf_counter() - start))
    rate = statistics.median(rates)
    moved = touched_bytes(network, state, frames[:COUNTED], labels[:COUNTED])
    own, memory = bandwidth(WEIGHT_BYTES * n_weights(network)), bandwidth(MEMORY_BYTES)
    return {"samples_per_s": rate, "kib_per_sample": moved / 1024,
            "weights_gb_per_s": own / 1e9, "weights_bound_samples_per_s": own / moved,
            "times_from_weights_bound": own / moved / rate,
            "memory_gb_per_s": memory / 1e9, "memory_bound_samples_per_s": memory / moved,
            "times_from_memory_bound": memory / moved / rate}


def run(show: Callable[[str], None]) -> list[dict]:
    """One row a network; show(text) is called with signs of life."""
    rows = []
    for name, hidden in NETWORKS.items():
        show(f"twin {name}: one thread, {ROUNDS} rounds of {SAMPLES} samples")
        rows.append({"network": name, **measure(network(hidden))})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    as_json = parser.parse_args().json
    rows = run(lambda text: None)
    if as_json:
        print(json.dumps(rows))
        return
    print(f"{'network':16} {'samples/s':>10} {'KiB/sample':>11} {'array':8} {'GB/s':>7} {'bound':>10} {'bound/twin':>11}")
    for row in rows:
        for place in ("weights", "memory"):
            print(f"{row['network']:16} {row['samples_per_s']:10.0f} {row['kib_per_sample']:11.0f} {place:8} "
                  f"{row[place + '_gb_per_s']:7.1f} {row[f'{place}_bound_samples_per_s']:10.0f} "
                  f"{row[f'times_from_{place}_bound']:11.1f}")


if __name__ == "__main__":
    main()
