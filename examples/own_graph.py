"""A Lava graph of one's own: stock RingBuffers feed a hidden layer and a readout that learn to tell four noisy patterns apart.

Run it with `python examples/own_graph.py`. An OpzoDense is a Process like any other: give its output to what you like. The graph
can be run by Lava's own `run` and `stop`, too; the watchdog used here ends it and says why if a process model fails.
"""
import numpy as np
from lava.proc.io.source import RingBuffer

from lava_opzo.engines.lava import watchdog
from lava_opzo.engines.lava.feed import spike_train
from lava_opzo.engines.lava.models import run_config
from lava_opzo.learning.learning import Learning
from process_models.opzo_dense.process import OpzoDense
from process_models.opzo_dense_readout.process import OpzoDenseReadout

N_SAMPLES, N_IN, N_HIDDEN, N_OUT = 200, 33, 40, 4


def noisy_patterns(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Payloads 0..15 uint8 (n, 1, n_in) of four patterns and a bias line, a fifth of the lines replaced; their classes (n,)."""
    labels = rng.integers(0, N_OUT, N_SAMPLES)
    patterns = rng.integers(0, 2, (N_OUT, N_IN))[labels]
    lines = np.where(rng.random(patterns.shape) < 0.2, rng.integers(0, 2, patterns.shape), patterns)
    lines[:, -1] = 1
    return (15 * lines[:, None]).astype(np.uint8), labels


def even(rng: np.random.Generator, shape: tuple[int, int], sigma: float) -> np.ndarray:
    """Even random weights."""
    return 2 * np.rint(sigma * rng.standard_normal(shape)).astype(int)


def main() -> None:
    """Build, connect, run sample by sample, and say how many of the last hundred were right."""
    rng, learning = np.random.default_rng(1), Learning(steps=6, halve_every=130)
    frames, labels = noisy_patterns(rng)
    schedule = learning.schedule(depth=1)
    spikes, one_hot = spike_train(schedule, frames, labels, x_shift=7, n_out=N_OUT)

    source, teacher = RingBuffer(data=spikes), RingBuffer(data=one_hot)
    hidden = OpzoDense(weights=even(rng, (N_HIDDEN, N_IN), 8), feedback=np.zeros((N_HIDDEN, N_OUT), int), num_message_bits=4,
                       vth=900, bias_mant=50, bias_exp=7, psi_width=500, y_shift=12, x_shift=2, learning=learning)
    readout = OpzoDenseReadout(weights=even(rng, (N_OUT, N_HIDDEN), 6), error_shift=4, y_shift=5, d_shift=6, learning=learning)
    source.s_out.connect(hidden.s_in)
    hidden.s_out.connect(readout.s_in)
    readout.error_out.connect(hidden.error_in)
    teacher.s_out.connect(readout.label_in)

    watchdog.start(source, run_config("fixed", "fast"))
    try:
        right = []
        for label in labels:
            watchdog.run(source, schedule.length, timeout=10)
            right.append(int(readout.prediction.get()[0]) == label)
        changed = np.count_nonzero(hidden.weights.get() != hidden.weights.init)
    finally:
        watchdog.stop(source)
    print(f"first 100 samples: {np.mean(right[:100]):.0%} right before they were learned; last 100: {np.mean(right[-100:]):.0%}; "
          f"{changed} weights of the hidden layer changed")


if __name__ == "__main__":
    main()
