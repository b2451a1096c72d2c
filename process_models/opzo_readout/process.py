"""OpzoReadout: the output neurons; they integrate, predict, and send the error and the difference of the two windows back."""
from typing import Any, Protocol

import numpy as np
from lava.magma.core.process.neuron import LearningNeuronProcess
from lava.magma.core.process.ports.ports import InPort, OutPort
from lava.magma.core.process.process import AbstractProcess, LogConfig
from lava.magma.core.process.variable import Var

from lava_opzo.learning.learning import Learning
from lava_opzo.learning.phases import auxiliary_place
from lava_opzo.silicon.readouts import CLASSES
from process_models.sample_clock import Recorder


class Answers(Protocol):
    """Where predictions go, such as `lava_opzo.engines.lava.mailbox.Mailbox`."""

    def answer(self, sample: int, k: int, prediction: int | np.ndarray) -> None:
        """What was predicted after window step k of a sample, counted from the start: its class, or labels or values (n,)."""
        ...


class OpzoReadout(LearningNeuronProcess, AbstractProcess):
    """Output neurons without spikes, one a class (or a label, or a value), that answer a sample and teach the network.

    They add up their input over the windows of a sample (docs/arithmetic.md, 3 to 6). The class with the largest sum is the
    prediction; labels and values follow from each sum alone. In a training sample
    they then send their error to the feedback weights M, its positive part and one step later its negative part, and at last the
    bits of dhat, the quantised difference of the two windows, with which M learns.

    Parameters
    ----------
    shape : tuple(int)
        Number of outputs, (n,).
    error_shift : int
        Bits that a sum loses to become an error of 7 bits.
    y_shift : int
        Bits that the quantiser of y drops: the learning rate is 2^-y_shift.
    d_shift : int
        Bits that the quantiser of dhat drops.
    dv : int, optional
        Leak of the sums, 12 bits, where weights learn in every step. Default: no leak.
    y_residual, d_residual : int, numpy.ndarray, optional
        What the two quantisers kept from earlier samples.
    o_plus, o_minus : int, numpy.ndarray, optional
        Sums that earlier samples left, where they are carried from one to the next.
    mailbox : Answers, optional
        Where predictions go. Default: nowhere; read the Var `prediction` after each sample.
    kind : str, optional
        What the outputs stand for: `classes`, `labels` or `values` (docs/arithmetic.md section 4).
    reads : int, optional
        Number of the hidden population that it reads, from 1 at the input, if it is an auxiliary readout: it then adds up as
        early as that population allows and says all else when the last readout does. Default: it is the last readout.
    learning, depth, n_trained, learn, learning_rule, number, trace : optional
        As for `OpzoLIF`.
    largest : dict, optional
        Shared int64 arrays of one element that keep the largest sizes of o and d.

    Ports
    -----
    a_in : (n,), synaptic input in weight units; used in the windows only.
    a_third_factor_in : (n,), what the sample teaches: its class as a one-hot vector, -1 alone for no label, labels 0 and 1, or
        values; used in the step of the answer.
    s_out : (n,), into the feedback connections: the two parts of the error, then the bits of dhat.
    s_out_y1, s_out_y2, s_out_y3 : (n,), post-synaptic traces of the connection into this population.

    Examples
    --------
    >>> readout = OpzoReadout(shape=(10,), error_shift=6, y_shift=9, d_shift=11, depth=2)
    >>> readout.prediction.get()
    -1

    This makes 10 output neurons of a network with two hidden layers, which have not answered yet.
    """

    def __init__(self, *, shape: tuple[int, ...], error_shift: int, y_shift: int, d_shift: int, dv: int = 0,
                 learning: Learning | None = None, depth: int = 1, y_residual: int | np.ndarray = 0,
                 d_residual: int | np.ndarray = 0, o_plus: int | np.ndarray = 0, o_minus: int | np.ndarray = 0,
                 n_trained: int = 0, learn: bool = True, mailbox: Answers | None = None,
                 learning_rule: Any = None, number: str | None = None, trace: Recorder | None = None,
                 largest: dict[str, np.ndarray] | None = None, kind: str = CLASSES, reads: int | None = None,
                 name: str | None = None, log_config: LogConfig | None = None) -> None:
        population = depth + 1 if reads is None else auxiliary_place(reads, depth)
        super().__init__(shape=shape, learning_rule=learning_rule, learning=learning or Learning(), depth=depth,
                         population=population, number=number, dv=dv, mailbox=mailbox, trace=trace, largest=largest, kind=kind,
                         name=name, log_config=log_config)
        self.a_in = InPort(shape=shape)
        self.s_out = OutPort(shape=shape)
        for variable, value in {"o_plus": o_plus, "o_minus": o_minus, "error": 0, "y": 0, "d_hat": 0}.items():
            setattr(self, variable, Var(shape=shape, init=value))
        self.y_residual = Var(shape=shape, init=y_residual)
        self.d_residual = Var(shape=shape, init=d_residual)
        for constant, value in {"error_shift": error_shift, "y_shift": y_shift, "d_shift": d_shift}.items():
            setattr(self, constant, Var(shape=(1,), init=value))
        self.prediction = Var(shape=(1,) if kind == CLASSES else shape, init=-1)
        self.n_answered = Var(shape=(1,), init=0)
        self.n_trained = Var(shape=(1,), init=n_trained)
        self.tau = Var(shape=(1,), init=0)
        self.learn = Var(shape=(1,), init=int(learn))
