"""Scales for a network of any widths and data: fits to the settings that learned best on digits, MNIST and
N-MNIST (docs/results.md).

They are not laws. A threshold follows the spread of what a layer receives; the shifts that quantise an update follow the number
of terms in it; a short training starts from smaller weights, so that each of the fewer updates changes more.
"""
from dataclasses import dataclass, replace
from math import ceil, log2, sqrt

import numpy as np

from lava_opzo.network.layers import Hidden, Readout
from lava_opzo.network.network import Config

SHORT_TRAINING = 50_000
"""Samples learned in all below which the recipe for short trainings is taken."""


@dataclass(frozen=True)
class Recipe:
    """first_*, upper_*: layer 1 and those above. *_vth: threshold over the spread of the input of one step (layer 1), at 100
    neurons below (above). noise, psi: shares of vth. readout_bits: bits that the readout's x loses beyond log2 of half the steps."""

    first_sigma: float
    first_vth: float
    first_y_shift: int
    upper_sigma: float
    upper_vth: float
    upper_y_shift: int
    noise: float
    psi: float
    error_shift: int
    d_shift: int
    d_bits: int
    decay_period: int
    readout_y_shift: int = 9
    readout_bits: int = 0


SHORT = Recipe(6.0, 1.5, 17, 14.0, 200, 16, 0.15, 0.5, 6, 11, 2, 256)
LONG = Recipe(18.0, 6.0, 18, 28.0, 1200, 18, 0.1, 1.0, 6, 10, 3, 512)
ONE_LAYER = replace(LONG, error_shift=5, d_shift=8, readout_y_shift=6, readout_bits=1)
"""For one wide hidden layer and many samples: M then follows the readout's weights themselves, and the readout may learn faster."""


@dataclass(frozen=True)
class InputScale:
    """Of a data set: spread, the root of the summed squared payloads of one step; full, the payload sum of a busy line over a
    window (95 % of the lines that are active at all have less)."""

    spread: float
    full: float


MNIST_SCALE = InputScale(spread=109.0, full=120.0)


def measure(frames: np.ndarray, steps: int) -> InputScale:
    """The scale of samples uint8 (n, 1 or K, n_in) for windows of K = `steps`.

    No copy in a wider type than it needs: a float64 one of MNIST takes 377 MB. 1024 steps of payload 15 fit 16 bits.
    """
    squares = int(np.einsum("ijk,ijk->", frames, frames, dtype=np.int64))
    spread = sqrt(squares / (frames.shape[0] * frames.shape[1]))
    sums = frames[:, :, :-1].sum(axis=1, dtype=np.uint16) * np.uint16(steps if frames.shape[1] == 1 else 1)
    active = sums[sums > 0]
    return InputScale(max(1.0, spread), float(np.percentile(active, 95)) if active.size else 1.0)


def network(n_in: int, hidden: tuple[int, ...], n_out: int, *, scale: InputScale = MNIST_SCALE, recipe: Recipe = LONG,
            steps: int = 8, windows: int = 2, **options) -> Config:
    """A configuration for n_in lines (with the bias line), the hidden widths and n_out classes.

    vth of layer 1 = first_vth * 2*first_sigma * spread; of a layer above, upper_vth up to 200 neurons below and then in
    proportion to the root of their number. options: other fields of `Config`.
    """
    wide = round(max(0.0, log2(max(hidden) / 200)))
    count_shift = max(0, round(log2(windows * steps)) - 1)
    layers = [_hidden(hidden[0], recipe.first_vth * 2 * recipe.first_sigma * scale.spread, recipe, recipe.first_sigma,
                      recipe.first_y_shift, round(log2(max(1.0, windows * scale.full))))]
    for below, n in zip(hidden, hidden[1:]):
        vth = recipe.upper_vth * (1.0 if below <= 200 else sqrt(below / 100))
        layers.append(_hidden(n, vth, recipe, recipe.upper_sigma, recipe.upper_y_shift + wide, count_shift))
    readout = Readout(n=n_out, error_shift=recipe.error_shift + wide, y_shift=recipe.readout_y_shift + wide,
                      d_shift=recipe.d_shift + wide, x_shift=count_shift + recipe.readout_bits, w_sigma=4.0)
    return Config(n_in, layers, readout, steps=steps, windows=windows,
                  **{"d_bits": recipe.d_bits, "decay_period": recipe.decay_period, **options})


def _hidden(n: int, vth: float, recipe: Recipe, w_sigma: float, y_shift: int, x_shift: int) -> Hidden:
    threshold = max(1, min(131071, round(vth)))
    mantissa, exponent = noise(threshold, recipe.noise)
    return Hidden(n=n, vth=threshold, bias_mant=mantissa, bias_exp=exponent, psi_width=max(1, round(recipe.psi * threshold)),
                  y_shift=y_shift, x_shift=x_shift, w_sigma=w_sigma)


def noise(vth: int, share: float) -> tuple[int, int]:
    """`share` of the threshold in membrane units as (bias_mant, bias_exp)."""
    alpha = round(share * vth * 64)
    exponent = max(0, ceil(log2(max(1, alpha) / 4095)))
    return max(1, alpha >> exponent), exponent
