"""The state before the first sample, from the network's seed alone."""
import numpy as np

from lava_opzo.network.network import Config
from lava_opzo.network.state import State
from lava_opzo.silicon.profile import STATE_BITS


def initial_state(config: Config) -> State:
    """The state before the first sample, from config.seed alone."""
    rng = np.random.default_rng(config.seed)
    widths = config.widths

    def normal(sigma, n_post, n_pre):
        return (2 * np.clip(np.rint(sigma * rng.standard_normal((n_post, n_pre))), -127, 127)).astype(np.int32)

    weights = [normal(layer.w_sigma, n_post, n_pre) for layer, n_pre, n_post in zip(config.layers, widths, widths[1:])]
    sizes = [layer.n for layer in config.hidden]
    z_states = 1 + rng.choice((1 << STATE_BITS) - 1, sum(sizes), replace=False)
    z_state = np.split(z_states.astype(np.int32), np.cumsum(sizes)[:-1])
    return State(
        weights=weights,
        feedback=[normal(config.m_sigma, n, config.readout.n) for n in sizes],
        z_state=z_state,
        y_residual=[np.zeros(layer.n, np.int32) for layer in config.layers],
        d_residual=np.zeros(config.readout.n, np.int32),
    )
