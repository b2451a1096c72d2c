"""OpzoLIF: a LIF population that perturbs itself, gates its third factor and writes its own post-synaptic traces."""
from typing import Any

import numpy as np
from lava.magma.core.process.neuron import LearningNeuronProcess
from lava.magma.core.process.ports.ports import InPort, OutPort
from lava.magma.core.process.process import AbstractProcess, LogConfig
from lava.magma.core.process.variable import Var

from lava_opzo.learning.learning import Learning
from lava_opzo.silicon.profile import GENERATOR_BITS
from process_models.sample_clock import Recorder


def generator_states(n: int, seed: int, population: int) -> np.ndarray:
    """Different states of n noise generators, int32 (n,); populations with the same seed get different ones."""
    return 1 + np.random.default_rng([seed, population]).choice((1 << GENERATOR_BITS) - 1, n, replace=False).astype(np.int32)


class OpzoLIF(LearningNeuronProcess, AbstractProcess):
    """Leaky integrate-and-fire neurons of one hidden layer that learn by online pseudo-zeroth-order (docs/arithmetic.md).

    In the windows of a sample a neuron integrates and spikes, pushed by noise of one sign in the first window and of the other in
    the second. Then it receives the error of the readout through feedback weights M as its third factor, multiplies it by the
    number of steps in which it was near its threshold, and writes the update factor y of its incoming weights into its traces.
    Without noise and within one window it is stock `LIF` with du = 4095, bit for bit in fixed point.

    Parameters
    ----------
    shape : tuple(int)
        Number of neurons, (n,).
    vth : int
        Threshold in weight units, 17 bits.
    psi_width : int
        Half width of the gate around the threshold in weight units, 17 bits; about vth/2.
    y_shift : int
        Bits that the quantiser of y drops: the learning rate is 2^-y_shift.
    dv : int, optional
        Leak of the membrane, 12 bits: v loses dv/4096 in a step. Default: no leak.
    bias_mant, bias_exp : int, optional
        The noise is bias_mant << bias_exp in membrane units, 64 to one weight unit. Default: no noise.
    floor : int, optional
        The membrane stays at or above -floor membrane units. Default: no floor, as stock `LIF`.
    x_shift : int, optional
        Bits that the spike counts lose before they become eligibility of the connection above.
    learning : Learning, optional
        How a network learns from one sample: steps, windows, credit, eligibility, halvings of the learning rate. All Processes of
        a network have the same. Default: `Learning()`.
    depth : int, optional
        Hidden populations of the network.
    population : int, optional
        Number of this one, from 1 at the input.
    z_state : numpy.ndarray, optional
        States (n,) of the noise generators, 24 bits and never 0. Default: different ones drawn from `seed` and `population`.
    seed : int, optional
        Seed of the default of z_state.
    y_residual : int, numpy.ndarray, optional
        What the quantiser of y kept from earlier samples.
    v, count : int, numpy.ndarray, optional
        Membrane and trace that earlier samples left, where neurons carry them from one to the next.
    n_trained : int, optional
        Samples learned before.
    learn : bool, optional
        Whether samples are training samples; the Var `learn` may be set between samples.
    learning_rule : Loihi3FLearningRule, optional
        The rule of the connection into this population.
    number : str, optional
        `fixed` or `real`: the number system that the connections were built for, which the model has to be of. Default: any.
    trace : Recorder, optional
        Gets the process model after every step (`lava_opzo.engines.lava.trace.Trace`).
    largest : dict, optional
        Shared int64 arrays of one element that keep the largest sizes of a, v, h and r.

    Ports
    -----
    a_in : (n,), synaptic input in weight units; used in the population's windows only.
    a_third_factor_in : (n,), error through the feedback weights M, its positive part one step before its negative part.
    s_out : (n,), spikes in the windows, eligibility spikes in the learning steps.
    s_out_y1, s_out_y2, s_out_y3 : (n,), post-synaptic traces, unsigned 7 bit, not zero in learning steps only.

    Examples
    --------
    >>> lif = OpzoLIF(shape=(100,), vth=1000, psi_width=500, y_shift=17, bias_mant=2400, bias_exp=2)
    >>> lif.s_out.shape
    (100,)

    This makes 100 neurons with a threshold of 1000 weight units and noise of 9600 membrane units, which is 150 weight units.
    """

    def __init__(self, *, shape: tuple[int, ...], vth: int, psi_width: int, y_shift: int, dv: int = 0, bias_mant: int = 0,
                 bias_exp: int = 0, floor: int = 0, x_shift: int = 0, learning: Learning | None = None, depth: int = 1,
                 population: int = 1, z_state: np.ndarray | None = None, seed: int = 1, y_residual: int | np.ndarray = 0,
                 v: int | np.ndarray = 0, count: int | np.ndarray = 0, n_trained: int = 0, learn: bool = True,
                 learning_rule: Any = None, number: str | None = None,
                 trace: Recorder | None = None, largest: dict[str, np.ndarray] | None = None, name: str | None = None,
                 log_config: LogConfig | None = None) -> None:
        super().__init__(shape=shape, learning_rule=learning_rule, learning=learning or Learning(), depth=depth,
                         population=population, number=number, trace=trace, largest=largest, name=name, log_config=log_config)
        self.a_in = InPort(shape=shape)
        self.s_out = OutPort(shape=shape)
        for variable, value in {"v": v, "count": count, "psi": 0, "g": 0, "y": 0}.items():
            setattr(self, variable, Var(shape=shape, init=value))
        self.z_state = Var(shape=shape, init=generator_states(shape[0], seed, population) if z_state is None else z_state)
        self.y_residual = Var(shape=shape, init=y_residual)
        constants = {"vth": vth, "dv": dv, "bias_mant": bias_mant, "bias_exp": bias_exp, "psi_width": psi_width,
                     "floor": floor, "y_shift": y_shift, "x_shift": x_shift}
        for constant, value in constants.items():
            setattr(self, constant, Var(shape=(1,), init=value))
        self.n_trained = Var(shape=(1,), init=n_trained)
        self.n_spikes = Var(shape=(1,), init=0)
        self.tau = Var(shape=(1,), init=0)
        self.learn = Var(shape=(1,), init=int(learn))
