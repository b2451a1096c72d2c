"""A forward network of another tool as the start of on-line learning: the scales that learning needs, derived from its own."""

import math
from dataclasses import replace

import numpy as np

from lava_opzo.export.forward import Forward
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Config
from lava_opzo.network.state import State
from lava_opzo.silicon.profile import STATE_SHIFT, Y_MAX

BIAS_MANTISSA_MAX = 4095


def to_learning(forward: Forward, template: Config, frames: np.ndarray) -> tuple[Config, State]:
    """Config and state that learn on from `forward`.

    template: steps (where the file has none), windows, shifts and the rest. frames: payloads uint8 (n, rows, n_in) that show how
    large the readout's sums are. Derived: noise and psi from the thresholds as in docs/arithmetic.md (vth/10, vth/2); y_shift, so
    that a step keeps its size relative to the weights; error_shift and d_shift from the largest readout sum.
    """
    from lava_opzo.engines.twin.integers.loop import evaluate

    weights = [layer.weights.astype(np.int32) for layer in forward.layers]
    hidden = tuple(_hidden(layer, template, i) for i, layer in enumerate(forward.layers[:-1]))
    config = replace(
        template,
        n_in=weights[0].shape[1],
        hidden=hidden,
        steps=forward.steps or template.steps,
        readout=replace(template.readout, n=weights[-1].shape[0], w_sigma=_sigma(weights[-1])),
    )
    state = replace(initial_state(config), weights=weights)
    largest = config.windows * evaluate(config, state, frames).largest["readout"]["o"]
    error_shift = max(0, (largest // Y_MAX).bit_length() - 1)
    d_shift = error_shift + template.readout.d_shift - template.readout.error_shift
    return replace(config, readout=replace(config.readout, error_shift=error_shift, d_shift=max(0, d_shift))), state


def _hidden(layer, template: Config, index: int):
    pattern = template.hidden[min(index, template.depth - 1)]
    sigma = _sigma(layer.weights)
    y_shift = pattern.y_shift + round(math.log2(max(pattern.w_sigma, 1e-9) / max(sigma, 1e-9)))
    alpha = (layer.vth << STATE_SHIFT) // 10
    bias_exp = max(0, alpha.bit_length() - BIAS_MANTISSA_MAX.bit_length())
    return replace(
        pattern,
        n=layer.weights.shape[0],
        vth=layer.vth,
        dv=layer.dv,
        bias_mant=alpha >> bias_exp,
        bias_exp=bias_exp,
        psi_width=max(1, layer.vth // 2),
        y_shift=min(22, max(0, y_shift)),
        w_sigma=sigma,
    )


def _sigma(weights: np.ndarray) -> float:
    """Standard deviation in steps of two units, as in `Hidden.w_sigma`."""
    return min(127.0, float(weights.std()) / 2)
