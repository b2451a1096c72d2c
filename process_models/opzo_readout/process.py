"""OpzoReadout: the output layer; it integrates, predicts, and sends the error and the difference of the two windows back."""
from lava.magma.core.process.neuron import LearningNeuronProcess
from lava.magma.core.process.ports.ports import InPort, OutPort
from lava.magma.core.process.process import AbstractProcess
from lava.magma.core.process.variable import Var


class OpzoReadout(LearningNeuronProcess, AbstractProcess):
    """Non-spiking output neurons with the OPZO program of one sample (docs/arithmetic.md sections 3 to 6).

    Ports
    -----
    a_in (n,): synaptic input in weight units; read in the windows only.
    a_third_factor_in (n,): the label as a one-hot vector, read in the step of the answer.
    s_out (n,): into the feedback connections M: the positive, then the negative part of the error, later the bits of dhat.
    s_out_y1, s_out_y2, s_out_y3 (n,): post-synaptic traces of the connection below.

    Parameters
    ----------
    layer: `lava_opzo.network.layers.Readout`. schedules: evaluation and learning `Schedule`. y_residual, d_residual: int32 (n,).
    n_trained: samples learned before. mailbox: `lava_opzo.engines.lava.mailbox.Mailbox` for the predictions, or None (then read the Var
    `prediction` after each sample). learning_rule, trace: as for `OpzoLIF`. largest: o, d -> shared int64 (1,), or None.
    """

    def __init__(self, *, layer, schedules, y_residual, d_residual, n_trained=0, halve_every=0, max_halvings=0, mailbox=None,
                 learning_rule=None, trace=None, largest=None, name=None):
        shape = (layer.n,)
        super().__init__(shape=shape, learning_rule=learning_rule, name=name, schedules=schedules,
                         layer=schedules[1].depth + 1, trace=trace, halve_every=halve_every, max_halvings=max_halvings,
                         mailbox=mailbox, largest=largest)
        self.a_in = InPort(shape=shape)
        self.s_out = OutPort(shape=shape)
        for variable in ("o_plus", "o_minus", "error", "y", "d_hat"):
            setattr(self, variable, Var(shape=shape, init=0))
        self.y_residual = Var(shape=shape, init=y_residual)
        self.d_residual = Var(shape=shape, init=d_residual)
        for constant in ("error_shift", "y_shift", "d_shift"):
            setattr(self, constant, Var(shape=(1,), init=getattr(layer, constant)))
        self.prediction = Var(shape=(1,), init=-1)
        self.n_answered = Var(shape=(1,), init=0)
        self.n_trained = Var(shape=(1,), init=n_trained)
        self.tau = Var(shape=(1,), init=0)
        self.learn = Var(shape=(1,), init=1)
