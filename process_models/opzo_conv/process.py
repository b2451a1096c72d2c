"""OpzoConv: one hidden layer as a whole, whose positions see an image through the same weights."""
from lava_opzo.topology.conv import Conv
from process_models.opzo_layer import OpzoLayer


class OpzoConv(OpzoLayer):
    """A hidden layer: shared weights W, neurons `OpzoLIF` and feedback weights M, all of which learn.

        s_in -> W -> neurons -> s_out;   error_in -> M -> neurons (third factor)

    W is `LearningPatches`, event-driven; M is `LearningDense`. No connection of stock Lava and no learning synapse of a chip
    shares weights: there the same layer learns as `OpzoLocal` with topology.unrolled(), or in the loop.

    Parameters
    ----------
    topology : Conv
        The image below, the patches and the channels of the layer.
    weights : numpy.ndarray
        W (channels, taps): even integers within the rails, or real numbers.
    residual : numpy.ndarray, optional
        As for `LearningPatches`.
    feedback and all others : as for `OpzoDense`

    Ports
    -----
    s_in, error_in, s_out : as for `OpzoDense`.

    Examples
    --------
    >>> import numpy as np
    >>> wiring = Conv(shape=(28, 28, 1), channels=8, kernel=(5, 5), stride=(2, 2), padding=(2, 2))
    >>> weights = 2 * np.random.default_rng(1).integers(-6, 7, wiring.weight_shape)
    >>> layer = OpzoConv(topology=wiring, weights=weights, feedback=np.zeros((wiring.n_post, 10), int), vth=1000, psi_width=500,
    ...                  y_shift=20, bias_mant=2400, bias_exp=2, num_message_bits=4)
    >>> layer.s_in.shape, layer.s_out.shape, layer.weights.shape
    ((784,), (1568,), (8, 25))

    This makes a layer of 14 x 14 positions with 8 channels over an image of 28 x 28, which has 200 weights.
    """

    wiring = Conv
