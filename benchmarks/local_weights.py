"""`python -m benchmarks local_weights`: ms a time step of fast and of stock Lava for a layer of local weights, in turn.

The network is 28 x 28 -> 14 x 14 x 8 (5 x 5 / 2) -> 10 with two windows of K = 8 steps, on noisy prototypes: 37,480 local weights
with the bias, or 200 shared ones in fast Lava alone.
"""
import statistics
import time
from collections.abc import Callable

from benchmarks.twin import samples
from lava_opzo.engines.registry import make
from lava_opzo.learning.credit import Opzo
from lava_opzo.learning.learning import Learning
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Hidden, Readout
from lava_opzo.runs.compare import differing
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.local import Local

ROUNDS, CHANNELS = 3, 8
SAMPLES = {"fast": 20, "stock": 2}
"""Samples of a round."""


def network(kind: type[Local] | type[Conv]) -> Network:
    """The network with local or with shared weights."""
    wiring = kind(shape=(28, 28, 1), channels=CHANNELS, kernel=(5, 5), stride=(2, 2), padding=(2, 2), lines=1, bias=kind is Local)
    hidden = Hidden(n=wiring.n_post, vth=1200, bias_mant=2400, bias_exp=2, psi_width=600, y_shift=15)
    return Network.chain(wiring.n_pre, [hidden], Readout(n=10, error_shift=8, y_shift=9, d_shift=11), (16.0, 8.0), (8, 2),
                         Learning(credit=Opzo(), steps=8), wiring=(wiring, Dense(wiring.n_post, 10)))


def run(show: Callable[[str], None]) -> list[dict]:
    """One row: medians of ROUNDS rounds, engines in turn, after a warm-up in which both learn the same samples."""
    rows = []
    for kind, names in ((Local, ("fast", "stock")), (Conv, ("fast",))):
        chosen = network(kind)
        frames, labels = samples(max(SAMPLES.values()))
        engines = {name: make(name, chosen, initial_state(chosen)) for name in names}
        try:
            for engine in engines.values():
                engine.train(frames[:2], labels[:2])
            equal = not differing(*(engine.state().arrays for engine in engines.values())) if len(engines) == 2 else "-"
            taken: dict[str, list[float]] = {name: [] for name in names}
            for number in range(ROUNDS):
                for name, engine in engines.items():
                    n, started = SAMPLES[name], time.perf_counter()
                    engine.train(frames[:n], labels[:n])
                    taken[name].append(1000 * (time.perf_counter() - started) / (n * chosen.schedule().length))
                    show(f"  {kind.__name__}, round {number + 1} of {ROUNDS}: {name} {taken[name][-1]:.2f} ms a step")
        finally:
            for engine in engines.values():
                engine.stop()
        medians = {name: statistics.median(values) for name, values in taken.items()}
        slow = medians.get("stock")
        rows.append({"weights": kind.__name__, "fast_ms_per_step": medians["fast"], "stock_ms_per_step": slow or "-",
                     "times_stock": slow / medians["fast"] if slow else "-", "equal_bits": equal})
    return rows
