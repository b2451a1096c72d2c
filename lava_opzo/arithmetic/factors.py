"""From what arrived to what an update multiplies, in either number system: the credit of one neuron population in one sample.

The process models, the in-the-loop engine and the records all take it from here (docs/arithmetic.md section 4).
"""
from typing import NamedTuple

import numpy as np

from lava_opzo.arithmetic.numbers import Numbers
from lava_opzo.silicon.readouts import CLASSES


class HiddenCredit(NamedTuple):
    """h, the third factor times the gate, y and what the quantiser keeps; each (n,)."""

    h: np.ndarray
    y: np.ndarray
    y_residual: np.ndarray


class ReadoutCredit(NamedTuple):
    """Error, y, the difference d of the windows and dhat, with what their quantisers keep; each (n_out,).

    mean: the running means of the outputs after this sample; None without a baseline.
    """

    error: np.ndarray
    y: np.ndarray
    y_residual: np.ndarray
    d: np.ndarray
    d_hat: np.ndarray
    d_residual: np.ndarray
    mean: np.ndarray | None = None


def hidden_credit(numbers: Numbers, third_factor: np.ndarray, psi: np.ndarray, y_residual: np.ndarray,
                  shift: int, limit: int) -> HiddenCredit:
    """The third factor times the gate, and the update factor: h = bounded(g, limit)*psi; (y, y_residual) = factor(y_residual, h,
    shift).

    limit: of the third factor (`lava_opzo.arithmetic.fixed.quantiser.third_factor_limit`).
    """
    h = numbers.quantiser.bounded(third_factor, limit) * psi
    return HiddenCredit(h, *numbers.quantiser.factor(y_residual, h, shift))


def readout_credit(numbers: Numbers, o_plus: np.ndarray, o_minus: np.ndarray, target: np.ndarray, error_shift: int,
                   y_residual: np.ndarray, shift: int, d_residual: np.ndarray, d_shift: int, d_bits: int,
                   kind: str = CLASSES, mean: np.ndarray | None = None, mean_shift: int = 0) -> ReadoutCredit:
    """The readout's error, its update factor, and the rounded difference of the windows: e = output_error(o_plus + o_minus,
    target, error_shift); (y, y_residual) = factor(y_residual, e, shift); d = o_plus - o_minus, with a baseline (d, b) =
    above_mean(b, o_plus - o_minus, baseline_shift); (dhat, d_residual) = quantise(d_residual, d, d_shift, 2^d_bits - 1).

    target: the label as a one-hot vector; for a readout of another kind what its outputs are to give. mean: the running mean of
    each output for this label (`mean_of`), None without a baseline; mean_shift: its baseline_shift.
    """
    error = numbers.error.output_error(o_plus + o_minus, target, error_shift, kind)
    y, y_residual = numbers.quantiser.factor(y_residual, error, shift)
    d = o_plus - o_minus
    if mean is not None:
        d, mean = numbers.quantiser.above_mean(mean, d, mean_shift)
    d_hat, d_residual = numbers.quantiser.quantise(d_residual, d, d_shift, (1 << d_bits) - 1)
    return ReadoutCredit(error, y, y_residual, d, d_hat, d_residual, mean)


def mean_of(baseline: str, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the running mean of each output for a label lies in (n_out, means): column [q == label], or the label itself.

    baseline: `label` or `class`. target: the label as a one-hot vector (n_out,).
    """
    own = np.asarray(target).astype(np.int64)
    return np.arange(own.size), own if baseline == "label" else np.full(own.size, own.argmax())
