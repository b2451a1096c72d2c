"""OpzoDenseReadout: the last layer as a whole; plastic weights and output neurons in one Process."""
import numpy as np
from lava.magma.core.process.ports.ports import InPort, OutPort
from lava.magma.core.process.process import AbstractProcess, LogConfig
from lava.magma.core.process.variable import Var

from lava_opzo.learning.learning import Learning
from lava_opzo.silicon.profile import STOCK_LAVA, Profile
from lava_opzo.silicon.readouts import CLASSES
from process_models.opzo_readout.process import Answers
from process_models.sample_clock import Recorder

STATES = ("o_plus", "o_minus", "error", "y", "d_hat", "y_residual", "d_residual")
"""Vars (n,) of the neurons that the layer shows as its own."""

COUNTERS = ("prediction", "n_answered", "n_trained", "tau", "learn")
"""The same for Vars (1,); a prediction is (n,) where outputs are no classes."""


class OpzoDenseReadout(AbstractProcess):
    """The output layer: all-to-all weights W that learn, and neurons `OpzoReadout`.

        s_in -> W -> neurons -> error_out;   label_in -> neurons

    Connect error_out to the error_in of every hidden layer: they learn from what it sends.

    Parameters
    ----------
    weights : numpy.ndarray
        W (n, n_pre): even integers within the rails, or real numbers.
    error_shift, y_shift, d_shift, dv, y_residual, d_residual, o_plus, o_minus, mailbox, kind, reads : optional but the
        first three
        Of the neurons, as for `OpzoReadout`.
    learning, depth, n_trained, learn, num_message_bits, number, profile, trace : optional
        As for `OpzoDense`.
    baseline : numpy.ndarray, optional
        Running means (n, means) of the outputs: the neurons are then `OpzoBaselineReadout`.
    frozen : bool, optional
        W has no rule and stays as it is: a stock `Dense`.
    largest, rail_touches : dict, optional
        Shared int64 arrays of one element: the largest sizes of o and d; entries that learning left at a rail in `weights`.
    names : tuple(str), optional
        Names of the two Processes inside: W, neurons.

    Ports
    -----
    s_in : (n_pre,), spikes, and eligibility spikes in the learning steps.
    label_in : (n,), what a training sample teaches, in the step of its answer, as `OpzoReadout` takes it.
    error_out : (n,), the parts of the error, then the bits of dhat.

    Examples
    --------
    >>> weights = 2 * np.random.default_rng(1).integers(-4, 5, (10, 100))
    >>> readout = OpzoDenseReadout(weights=weights, error_shift=6, y_shift=9, d_shift=11)
    >>> readout.s_in.shape, readout.label_in.shape, readout.error_out.shape
    ((100,), (10,), (10,))

    This makes a readout of 10 classes above a hidden layer of 100 neurons.
    """

    def __init__(self, *, weights: np.ndarray, error_shift: int, y_shift: int, d_shift: int, dv: int = 0,
                 y_residual: int | np.ndarray = 0, d_residual: int | np.ndarray = 0,
                 o_plus: int | np.ndarray = 0, o_minus: int | np.ndarray = 0, mailbox: Answers | None = None,
                 kind: str = CLASSES, reads: int | None = None, learning: Learning | None = None, depth: int = 1,
                 n_trained: int = 0, learn: bool = True, num_message_bits: int = 0, number: str = "fixed",
                 profile: Profile = STOCK_LAVA, frozen: bool = False, trace: Recorder | None = None,
                 baseline: np.ndarray | None = None,
                 largest: dict[str, np.ndarray] | None = None, rail_touches: dict[str, np.ndarray] | None = None,
                 names: tuple[str | None, str | None] = (None, None), name: str | None = None,
                 log_config: LogConfig | None = None) -> None:
        n, n_pre = weights.shape
        neurons = {"shape": (n,), "error_shift": error_shift, "y_shift": y_shift, "d_shift": d_shift, "dv": dv,
                   "y_residual": y_residual, "d_residual": d_residual, "o_plus": o_plus, "o_minus": o_minus, "mailbox": mailbox,
                   "kind": kind, "reads": reads, "learning": learning, "depth": depth, "n_trained": n_trained, "learn": learn,
                   "number": number, "trace": trace,
                   "largest": largest} | ({} if baseline is None else {"baseline": baseline})
        super().__init__(weights=weights, neurons=neurons, num_message_bits=num_message_bits, profile=profile, frozen=frozen,
                         rail_touches=rail_touches or {}, names=names, name=name, log_config=log_config)
        self.s_in, self.label_in, self.error_out = InPort((n_pre,)), InPort((n,)), OutPort((n,))
        self.weights = Var(shape=weights.shape, init=weights)
        started = {"y_residual": y_residual, "d_residual": d_residual, "o_plus": o_plus, "o_minus": o_minus,
                   "n_trained": n_trained, "learn": int(learn), "prediction": -1}
        for variable in (*STATES, *COUNTERS):
            wide = variable in STATES or (variable == "prediction" and kind != CLASSES)
            setattr(self, variable, Var(shape=(n,) if wide else (1,), init=started.get(variable, 0)))
        if baseline is not None:
            self.baseline = Var(shape=baseline.shape, init=baseline)
