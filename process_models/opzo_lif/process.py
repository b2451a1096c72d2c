"""OpzoLIF: a LIF population that perturbs itself, gates its third factor and writes its own post-synaptic traces."""
from lava.magma.core.process.neuron import LearningNeuronProcess
from lava.magma.core.process.ports.ports import InPort, OutPort
from lava.magma.core.process.process import AbstractProcess
from lava.magma.core.process.variable import Var


class OpzoLIF(LearningNeuronProcess, AbstractProcess):
    """Leaky integrate-and-fire neurons of one hidden layer, with the OPZO program of one sample (docs/arithmetic.md).

    Without noise (bias_mant = 0) and within one window it is stock `LIF` with du = 4095, bit for bit in fixed point.

    Ports
    -----
    a_in (n,): synaptic input in weight units; read in the layer's windows only.
    a_third_factor_in (n,): error through the feedback weights M, its positive part one step before its negative part.
    s_out (n,): spikes in the windows; eligibility spikes in the learning steps.
    s_out_y1, s_out_y2, s_out_y3 (n,): post-synaptic traces, unsigned 7 bit, non-zero in learning steps only.

    Parameters
    ----------
    layer: `lava_opzo.network.layers.Hidden`. index: number of the layer, from 1. x_shift: rounds the counts of this layer for the
    connection above it. schedules: evaluation and learning `Schedule`. z_state, y_residual: int32 (n,). n_trained: samples
    learned before. decay_period, halve_every, max_halvings: as in `Config`. learning_rule: the rule of the layer's input
    connection. trace: `lava_opzo.engines.lava.trace.Trace` or None. largest: a, v, h, r -> shared int64 (1,) for their largest sizes, or None.
    """

    def __init__(self, *, layer, index, x_shift, schedules, z_state, y_residual, n_trained=0, decay_period=0, halve_every=0,
                 max_halvings=0, learning_rule=None, trace=None, largest=None, name=None):
        shape = (layer.n,)
        super().__init__(shape=shape, learning_rule=learning_rule, name=name, schedules=schedules, layer=index, trace=trace,
                         largest=largest, decay_period=decay_period, halve_every=halve_every, max_halvings=max_halvings)
        self.a_in = InPort(shape=shape)
        self.s_out = OutPort(shape=shape)
        for variable in ("v", "count", "psi", "g", "y"):
            setattr(self, variable, Var(shape=shape, init=0))
        self.z_state = Var(shape=shape, init=z_state)
        self.y_residual = Var(shape=shape, init=y_residual)
        for constant in ("vth", "dv", "bias_mant", "bias_exp", "psi_width", "y_shift"):
            setattr(self, constant, Var(shape=(1,), init=getattr(layer, constant)))
        self.x_shift = Var(shape=(1,), init=x_shift)
        self.n_trained = Var(shape=(1,), init=n_trained)
        self.n_spikes = Var(shape=(1,), init=0)
        self.tau = Var(shape=(1,), init=0)
        self.learn = Var(shape=(1,), init=1)
