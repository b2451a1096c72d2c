"""Scales for a network of any widths: fits to the settings that learned best on digits and MNIST (docs/results.md), not laws.

A layer's threshold follows the spread of its input, the shifts that quantise an update follow the number of terms in it.
"""
from math import ceil, log2, sqrt

from lava_opzo.config import Config, Hidden, Readout

LINE_POWER = 15.0
"""Mean square payload of an input line: 0.19 active lines with a mean square of 80, about MNIST."""


def network(n_in: int, hidden: tuple[int, ...], n_out: int, steps: int = 8, windows: int = 2, **options) -> Config:
    """A configuration for n_in lines (with the bias line), the hidden widths and n_out classes, for long training.

    vth of layer 1 = 6 * 2*w_sigma * sqrt(n_in * LINE_POWER); of the layers above 1200 up to 200 neurons below, then in proportion
    to the square root of twice their number. options: other fields of `Config`.
    """
    wide = max(0.0, log2(max(hidden) / 200))
    count_shift = max(0, round(log2(windows * steps)) - 1)
    layers = [_hidden(hidden[0], min(131071, round(12 * 18 * sqrt(n_in * LINE_POWER))), 18.0,
                      y_shift=18 if hidden[0] > 100 else 17, x_shift=round(log2(windows * steps * 16)))]
    for below, n in zip(hidden, hidden[1:]):
        vth = 1200 if below <= 200 else round(1200 * sqrt(below / 100))
        layers.append(_hidden(n, vth, 28.0, y_shift=18 + round(wide), x_shift=count_shift))
    readout = Readout(n=n_out, error_shift=5 + round(wide), y_shift=9 + round(wide), d_shift=10 + round(wide),
                      x_shift=count_shift, w_sigma=4.0)
    return Config(n_in, layers, readout, steps=steps, windows=windows, **{"d_bits": 3, "decay_period": 512, **options})


def _hidden(n: int, vth: int, w_sigma: float, y_shift: int, x_shift: int) -> Hidden:
    mantissa, exponent = noise(vth)
    return Hidden(n=n, vth=vth, bias_mant=mantissa, bias_exp=exponent, psi_width=vth, y_shift=y_shift, x_shift=x_shift,
                  w_sigma=w_sigma)


def noise(vth: int) -> tuple[int, int]:
    """A tenth of the threshold in membrane units as (bias_mant, bias_exp)."""
    alpha = vth * 64 // 10
    exponent = max(0, ceil(log2(max(1, alpha) / 4095)))
    return max(1, alpha >> exponent), exponent
