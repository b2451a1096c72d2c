"""The twin against stock Lava in the same run: training samples/s, in turn, on the same samples and to the same bits."""
import statistics
import time
from collections.abc import Callable

import numpy as np

from benchmarks.twin import NETWORKS, network as network_of, samples
from lava_opzo.engines.lava.engine import StockLavaEngine
from lava_opzo.engines.twin.integers.engine import TwinEngine
from lava_opzo.network.initial import initial_state
from lava_opzo.runs.compare import differing

ROUNDS = 3
STOCK_SAMPLES = 2
TWIN_SAMPLES = 4000
SECONDS_PER_CALL = 240.0
"""Limit of one call into stock Lava."""


def _timed(engine, frames, labels) -> float:
    started = time.perf_counter()
    engine.train(frames, labels)
    return (time.perf_counter() - started) / len(frames)


def measure(hidden: tuple[int, ...], show: Callable[[str], None]) -> dict:
    """Medians of ROUNDS rounds after a warm-up in which both learn the same STOCK_SAMPLES samples and must then be equal."""
    network, (frames, labels) = network_of(hidden), samples(TWIN_SAMPLES)
    few = slice(STOCK_SAMPLES)
    twin = TwinEngine(network, initial_state(network))
    stock_seconds, twin_seconds = [], []
    with StockLavaEngine(network, initial_state(network), capacity=STOCK_SAMPLES, timeout=SECONDS_PER_CALL) as stock:
        for engine in (stock, twin):
            engine.train(frames[few], labels[few])
        equal = differing(stock.state().arrays, twin.state().arrays) == []
        twin.train(frames, labels)
        for number in range(ROUNDS):
            stock_seconds.append(_timed(stock, frames[few], labels[few]))
            twin_seconds.append(_timed(twin, frames, labels))
            show(f"  round {number + 1} of {ROUNDS}: stock {stock_seconds[-1]:.2f} s a sample, "
                 f"twin {1e6 * twin_seconds[-1]:.0f} us")
    stock_median, twin_median = statistics.median(stock_seconds), statistics.median(twin_seconds)
    return {"stock_ms_per_step": 1000 * stock_median / network.schedule().length,
            "stock_samples_per_s": 1 / stock_median, "twin_samples_per_s": 1 / twin_median,
            "times_stock": float(np.median(np.array(stock_seconds) / twin_seconds)), "equal_bits": equal}


def run(show: Callable[[str], None]) -> list[dict]:
    """One row a network; show(text) is called with signs of life."""
    rows = []
    for name, hidden in NETWORKS.items():
        show(f"against stock {name}: {ROUNDS} rounds of {STOCK_SAMPLES} samples in stock Lava, {TWIN_SAMPLES} in the twin")
        rows.append({"network": name, **measure(hidden, show)})
    return rows
