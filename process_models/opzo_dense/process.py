"""OpzoDense: one hidden layer as a whole; plastic weights, neurons and feedback weights in one Process."""
import numpy as np
from lava.magma.core.process.ports.ports import InPort, OutPort
from lava.magma.core.process.process import AbstractProcess, LogConfig
from lava.magma.core.process.variable import Var

from lava_opzo.learning.learning import Learning
from lava_opzo.silicon.profile import STOCK_LAVA, Profile
from process_models.opzo_lif.process import generator_states
from process_models.sample_clock import Recorder

STATES = ("v", "count", "psi", "g", "y", "z_state", "y_residual")
"""Vars (n,) of the neurons that the layer shows as its own."""

COUNTERS = ("n_trained", "n_spikes", "tau", "learn")
"""The same for Vars (1,)."""


class OpzoDense(AbstractProcess):
    """A hidden layer: all-to-all weights W, neurons `OpzoLIF` and feedback weights M, all of which learn.

        s_in -> W -> neurons -> s_out;   error_in -> M -> neurons (third factor)

    W and M are stock `LearningDense`. A spike takes one time step from s_in to s_out.

    Parameters
    ----------
    weights : numpy.ndarray
        W (n, n_pre): even integers within the rails, or real numbers.
    feedback : numpy.ndarray
        M (n, n_out): the same. Zeros are a good start, for M learns.
    vth, psi_width, y_shift, dv, bias_mant, bias_exp, floor, x_shift, z_state, seed, y_residual : optional but the first three
        Of the neurons, as for `OpzoLIF`.
    learning, depth, population, n_trained, learn : optional
        As for `OpzoLIF`: how and when all layers of the network learn, and which of its hidden layers this one is.
    num_message_bits : int, optional
        Bits of the messages into s_in: 0 for spikes, 4 for payloads 0..15 of input lines.
    number : str, optional
        `fixed` with select_tag fixed_pt, `real` with floating_pt: the decay of M differs in them.
    profile : Profile, optional
        The rails of the chip; the stock model of LearningDense knows its own alone.
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

    Example
    -------
    >>> weights = 2 * np.random.default_rng(1).integers(-6, 7, (100, 65))
    >>> layer = OpzoDense(weights=weights, feedback=np.zeros((100, 10), int), vth=1000, psi_width=500, y_shift=17, bias_mant=2400,
    ...                   bias_exp=2, num_message_bits=4)
    >>> layer.s_in.shape, layer.error_in.shape, layer.s_out.shape
    ((65,), (10,), (100,))

    This makes 100 neurons between 65 input lines and a readout of 10 classes.
    """

    def __init__(self, *, weights: np.ndarray, feedback: np.ndarray, vth: int, psi_width: int, y_shift: int, dv: int = 0,
                 bias_mant: int = 0, bias_exp: int = 0, floor: int = 0, x_shift: int = 0, z_state: np.ndarray | None = None,
                 seed: int = 1, y_residual: int | np.ndarray = 0, learning: Learning | None = None, depth: int = 1,
                 population: int = 1, n_trained: int = 0, learn: bool = True, num_message_bits: int = 0, number: str = "fixed",
                 profile: Profile = STOCK_LAVA, trace: Recorder | None = None, largest: dict[str, np.ndarray] | None = None,
                 rail_touches: dict[str, np.ndarray] | None = None,
                 names: tuple[str | None, str | None, str | None] = (None, None, None), name: str | None = None,
                 log_config: LogConfig | None = None) -> None:
        n, n_pre = weights.shape
        z_state = generator_states(n, seed, population) if z_state is None else z_state
        neurons = {"shape": (n,), "vth": vth, "psi_width": psi_width, "y_shift": y_shift, "dv": dv, "bias_mant": bias_mant,
                   "bias_exp": bias_exp, "floor": floor, "x_shift": x_shift, "z_state": z_state, "y_residual": y_residual,
                   "learning": learning, "depth": depth, "population": population, "n_trained": n_trained, "learn": learn,
                   "number": number, "trace": trace, "largest": largest}
        super().__init__(weights=weights, feedback=feedback, neurons=neurons, num_message_bits=num_message_bits, number=number,
                         profile=profile, rail_touches=rail_touches or {}, names=names, name=name, log_config=log_config)
        self.s_in, self.error_in, self.s_out = InPort((n_pre,)), InPort((feedback.shape[1],)), OutPort((n,))
        self.weights = Var(shape=weights.shape, init=weights)
        self.feedback = Var(shape=feedback.shape, init=feedback)
        started = {"z_state": z_state, "y_residual": y_residual, "n_trained": n_trained, "learn": int(learn)}
        for variable in (*STATES, *COUNTERS):
            setattr(self, variable, Var(shape=(n,) if variable in STATES else (1,), init=started.get(variable, 0)))
