"""OpzoDense: one hidden layer as a whole; plastic weights, neurons and feedback weights in one Process."""
from typing import Any

import numpy as np

from lava_opzo.topology.dense import Dense
from process_models.opzo_layer import OpzoLayer


class OpzoDense(OpzoLayer):
    """A hidden layer: all-to-all weights W, neurons `OpzoLIF` and feedback weights M, all of which learn.

        s_in -> W -> neurons -> s_out;   error_in -> M -> neurons (third factor)

    W and M are stock `LearningDense`. A spike takes one time step from s_in to s_out.

    Parameters
    ----------
    weights : numpy.ndarray
        W (n, n_pre): even integers within the rails, or real numbers.
    feedback : numpy.ndarray
        M (n, n_out): the same. Zeros are a good start, for M learns.
    vth, psi_width, y_shift, dv, bias_mant, bias_exp, floor, x_shift, z_state, seed, y_residual, v, count : optional but the
        first three
        Of the neurons, as for `OpzoLIF`.
    learning, depth, population, n_trained, learn : optional
        As for `OpzoLIF`: how and when all layers of the network learn, and which of its hidden layers this one is.
    num_message_bits : int, optional
        Bits of the messages into s_in: 0 for spikes, 4 for payloads 0..15 of input lines.
    number : str, optional
        `fixed` with select_tag fixed_pt, `real` with floating_pt: the decay of M differs in them.
    profile : Profile, optional
        The rails of the chip; the stock model of LearningDense knows its own alone.
    mask : numpy.ndarray, optional
        (n, n_pre), 1 where a synapse exists and 0 where none ever does: local weights in stock Lava. Default: all exist.
    frozen : bool, optional
        W and M have no rule and stay as they are: both are stock `Dense`; a W over patches is `LearningPatches` without a rule.
    trace : Recorder, optional
        Gets the model of the neurons after every step.
    largest, rail_touches : dict, optional
        Shared int64 arrays of one element: the largest sizes of a, v, h and r; entries that learning left at a rail in `weights`
        and in `feedback`.
    names : tuple(str), optional
        Names of the three Processes inside: W, neurons, M.

    Ports
    -----
    s_in : (n_pre,), spikes or payloads, and eligibility spikes in the learning steps.
    error_in : (n_out,), what the readout sends: the parts of its error, then the bits of dhat.
    s_out : (n,), spikes, and eligibility spikes in the learning steps.

    Examples
    --------
    >>> weights = 2 * np.random.default_rng(1).integers(-6, 7, (100, 65))
    >>> layer = OpzoDense(weights=weights, feedback=np.zeros((100, 10), int), vth=1000, psi_width=500, y_shift=17, bias_mant=2400,
    ...                   bias_exp=2, num_message_bits=4)
    >>> layer.s_in.shape, layer.error_in.shape, layer.s_out.shape
    ((65,), (10,), (100,))

    This makes 100 neurons between 65 input lines and a readout of 10 classes.
    """

    wiring = Dense

    def __init__(self, *, weights: np.ndarray, feedback: np.ndarray, vth: int, psi_width: int, y_shift: int,
                 **options: Any) -> None:
        super().__init__(topology=Dense(weights.shape[1], weights.shape[0]), weights=weights, feedback=feedback, vth=vth,
                         psi_width=psi_width, y_shift=y_shift, **options)
