"""A noisy sine from spikes: a number on a population of lines that spike at random, and its sine to be learned."""
from pathlib import Path

import numpy as np

from lava_opzo.data import without_files
from lava_opzo.data.dataset import Dataset
from lava_opzo.data.values import encode
from lava_opzo.silicon.profile import PAYLOAD_MAX

LINES = 40
WIDTH = 0.35
"""Standard deviation of the bump over the lines that stands for a number, in radians."""

RANGES = ((-1.5, 1.5),)


def load(path: str | Path | None = None, steps: int = 8, seed: int = 0, n_train: int = 2000, n_test: int = 500,
         noise: int = 10) -> Dataset:
    """40 lines, a frame a step: line j spikes (payload 15) with the probability exp(-(x - c_j)^2 / (2*0.35^2)), c_j from 0 to
    2*pi; the value is sin(x), x evenly at random, on -127..127 for -1.5..1.5. No file is needed.

    noise: standard deviation of what is added to the values of the training samples, in hundredths; the test samples have the
    sine itself. Raises UserError for a path and for sizes out of range.
    """
    without_files.refuse_path("sine", path, without_files.DRAWN)
    most = without_files.MOST_SAMPLES
    without_files.check("sine", n_train=(n_train, 1, most), n_test=(n_test, 0, most), noise=(noise, 0, 100))
    rng = np.random.default_rng(seed)
    x = rng.uniform(0, 2 * np.pi, n_train + n_test)
    rates = np.exp(-(x[:, None] - np.linspace(0, 2 * np.pi, LINES)) ** 2 / (2 * WIDTH ** 2))
    frames = PAYLOAD_MAX * (rng.random((len(x), steps, LINES)) < rates[:, None]).astype(np.uint8)
    wanted = np.sin(x)
    wanted[:n_train] += noise / 100 * rng.standard_normal(n_train)
    values = encode(wanted[:, None], RANGES)
    return Dataset("sine", 1, frames[:n_train], values[:n_train], frames[n_train:], values[n_train:],
                   f"a sine over a population of {LINES} spiking lines, noise {noise} % on the training samples, seed {seed}",
                   kind="values", ranges=RANGES)
