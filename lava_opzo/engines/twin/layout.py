"""A network and its state as flat arrays, so that one compiled program serves every depth and width.

Weights are 16-bit. Those of hidden layers lie pre-major, (n_pre, n_post): one active input touches one contiguous row, in the
forward sums and in the updates. Those of the readout lie (n_post, n_pre) and feedback (n_out, n_hidden): their short side outside.
"""
from typing import NamedTuple

import numpy as np

from lava_opzo.network.network import Config
from lava_opzo.silicon.profile import STATE_SHIFT


class Network(NamedTuple):
    """What the compiled program reads. int64 arrays; entry l - 1 of a per-layer array belongs to layer l.

    n: (L+2,), input first. threshold, psi_width: membrane units. neuron: (L+2,), first neuron of each layer l = 1..L+1 in arrays
    over all neurons above the input. source: (L+1,), first input of each hidden layer in arrays over all of these inputs.
    weight: (L+2,), first weight of each layer. feedback: (L+1,), first entry of each M.
    """

    n: np.ndarray
    threshold: np.ndarray
    psi_width: np.ndarray
    dv: np.ndarray
    alpha: np.ndarray
    y_shift: np.ndarray
    x_shift: np.ndarray
    neuron: np.ndarray
    source: np.ndarray
    weight: np.ndarray
    feedback: np.ndarray
    steps: int
    windows: int
    x_max: int
    d_bits: int
    d_shift: int
    error_shift: int
    decay_period: int
    halve_every: int
    max_halvings: int




def _starts(sizes) -> np.ndarray:
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)


def network(config: Config) -> Network:
    """The flat form of a configuration."""
    n = np.array(config.widths, np.int64)

    def hidden(name):
        return np.array([getattr(layer, name) for layer in config.hidden], np.int64)

    return Network(
        n=n, threshold=hidden("vth") << STATE_SHIFT, psi_width=hidden("psi_width") << STATE_SHIFT, dv=hidden("dv"),
        alpha=hidden("bias_mant") << hidden("bias_exp"),
        y_shift=np.array([layer.y_shift for layer in config.layers], np.int64),
        x_shift=np.array([layer.x_shift for layer in config.layers], np.int64),
        neuron=_starts(n[1:]), source=_starts(n[:-2]), weight=_starts(n[1:] * n[:-1]), feedback=_starts(n[1:-1] * n[-1]),
        steps=config.steps, windows=config.windows, x_max=config.x_max, d_bits=config.d_bits, d_shift=config.readout.d_shift,
        error_shift=config.readout.error_shift, decay_period=config.decay_period, halve_every=config.halve_every,
        max_halvings=config.max_halvings)


def flat(arrays, dtype) -> np.ndarray:
    """All entries of the arrays, one array after the other."""
    return np.concatenate([np.asarray(array).ravel() for array in arrays]).astype(dtype)






