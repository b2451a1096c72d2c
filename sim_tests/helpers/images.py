"""A network of images that are nowhere square nor alike in rows and columns, so that a wrong order of anything shows."""
import numpy as np

from lava_opzo.network.form import changed
from lava_opzo.network.network import Network
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.local import Local
from sim_tests.helpers.networks import small_network

WIRING = (Conv((6, 5, 2), 3, (3, 3), (2, 1), (1, 1), 1), Conv((3, 5, 3), 4, (2, 3), (1, 1), (0, 1)),
          Local((2, 5, 4), 3, (2, 2), (1, 2), (0, 1)), Dense(9, 5))
"""6 x 5 x 2 and a bias line that reaches nothing, 3 x 5 x 3, 2 x 5 x 4, 1 x 3 x 3, five classes."""

SQUARE = (WIRING[0], Conv((3, 5, 3), 4, (2, 2)), Local((2, 4, 4), 3, (2, 2)), Dense(9, 5))
"""The same with square kernels, which NIR can say."""


def image_network(wiring=WIRING, **options) -> Network:
    """A network with this wiring, whose layers are all busy."""
    widths = [topology.n_post for topology in wiring]
    plain = small_network(tuple(widths[:-1]), wiring[0].n_pre, widths[-1], **{"vth": 200, **options})
    return changed(plain, wiring=tuple(wiring))


def images(network: Network, n: int, rows: int = 1) -> np.ndarray:
    """Payloads of which a third is there, and a bias line."""
    rng = np.random.default_rng(5)
    frames = rng.integers(0, 16, (n, rows, network.input.n)) * (rng.random((n, rows, network.input.n)) < 0.3)
    frames[..., -1] = 15
    return frames.astype(np.uint8)
