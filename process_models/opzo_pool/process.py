"""OpzoPool: one pooling layer as a whole, whose neurons sum windows of an image below, channel by channel."""
from typing import Any

import numpy as np

from lava_opzo.errors import UserError
from lava_opzo.topology.pool import Pool
from process_models.opzo_layer import OpzoLayer


class OpzoPool(OpzoLayer):
    """A hidden layer in which nothing learns: one weight W for all edges, neurons `OpzoLIF` and feedback weights M.

        s_in -> W -> neurons -> s_out;   error_in -> M -> neurons (third factor)

    W is `LearningPatches` without a rule, M is stock `Dense`. Stock Lava holds the same layer as an `OpzoDense` that is frozen.

    Parameters
    ----------
    topology : Pool
        The image below and the windows.
    weights : numpy.ndarray
        W (1, 1): an even integer within the rails, or a real number.
    frozen : bool
        True, as nothing in the layer can learn.
    feedback and all others : as for `OpzoDense`

    Ports
    -----
    s_in, error_in, s_out : as for `OpzoDense`.

    Raises UserError for a layer that is not frozen.

    Examples
    --------
    >>> import numpy as np
    >>> wiring = Pool(shape=(14, 14, 8), channels=8, kernel=(2, 2))
    >>> layer = OpzoPool(topology=wiring, weights=np.full((1, 1), 32), feedback=np.zeros((wiring.n_post, 10), int), vth=48,
    ...                  psi_width=34, y_shift=13, frozen=True)
    >>> layer.s_in.shape, layer.s_out.shape, layer.weights.shape
    ((1568,), (392,), (1, 1))

    This makes a layer of 7 x 7 positions with 8 channels, whose neurons spike after every second spike of their windows.
    """

    wiring = Pool

    def __init__(self, *, topology: Pool, weights: np.ndarray, feedback: np.ndarray, vth: int, psi_width: int, y_shift: int,
                 frozen: bool = False, **options: Any) -> None:
        super().__init__(topology=topology, weights=weights, feedback=feedback, vth=vth, psi_width=psi_width, y_shift=y_shift,
                         frozen=frozen, **options)
        if not frozen:
            raise UserError(f"process '{self.name}': OpzoPool has nothing that can learn and is not frozen; give frozen=True")
