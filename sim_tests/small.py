"""A small network and random samples that exercise every phase within a few samples; shared by the tests that run Lava."""
import numpy as np

from lava_opzo.runs import compare
from lava_opzo.network.network import Config
from lava_opzo.network.layers import Hidden, Readout

def small_config(hidden=(14, 11), n_in=9, n_out=4, **options) -> Config:
    """Scales so that spikes, psi, y and dhat are all busy from the first samples on."""
    layers = [Hidden(n=n, vth=900 if i == 0 else 150, bias_mant=50 if i == 0 else 8, bias_exp=7, psi_width=500 if i == 0 else 90,
                     y_shift=9, x_shift=7 if i == 0 else 2, w_sigma=24.0 if i == 0 else 40.0) for i, n in enumerate(hidden)]
    readout = Readout(n=n_out, error_shift=3, y_shift=4, d_shift=4, x_shift=2, w_sigma=12.0)
    return Config(n_in=n_in, hidden=layers, readout=readout, **{"steps": 5, "decay_period": 4, **options})


def random_samples(config: Config, n: int, rows: int = 1, seed: int = 0):
    """frames uint8 (n, rows, n_in) with half of the lines active, labels int32 (n,)."""
    rng = np.random.default_rng(seed)
    frames = rng.integers(0, 16, (n, rows, config.n_in)) * rng.integers(0, 2, (n, rows, config.n_in))
    return frames.astype(np.uint8), rng.integers(0, config.readout.n, n).astype(np.int32)


def differing(a, b) -> list[str]:
    """Names of the arrays in which two states differ."""
    return compare.differing(a.arrays(), b.arrays()) + ["n_trained"] * (a.n_trained != b.n_trained)
