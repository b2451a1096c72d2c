"""OpzoLIF in fixed and in floating point: one shell that moves data, two arithmetics (lava_opzo.arithmetic.fixed, lava_opzo.arithmetic.real)."""
import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.model.py.ports import PyOutPort
from lava.magma.core.model.py.type import LavaPyType
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

from lava_opzo.arithmetic import fixed, real
from lava_opzo.arithmetic.fixed import noise
from lava_opzo.arithmetic.fixed.weights import decay_rows
from process_models.neuron_types import FixedNeuron, FloatNeuron
from process_models.opzo_lif.process import OpzoLIF
from process_models.sample_clock import SampleClock


class AbstractOpzoLIFModel(SampleClock):
    """The program of a hidden layer. A subclass gives `arithmetic` (a package with membrane, credit, DECAY_TRACE) and types."""

    arithmetic = None
    s_out_bap: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, bool, precision=1)
    s_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=24)
    count: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=11)
    psi: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=11)
    z_state: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=24)
    n_trained: np.ndarray = LavaPyType(np.ndarray, np.int64, precision=32)
    n_spikes: np.ndarray = LavaPyType(np.ndarray, np.int64, precision=64)
    vth: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=17)
    dv: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=12)
    bias_mant: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=13)
    bias_exp: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=3)
    psi_width: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=17)
    y_shift: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=5)
    x_shift: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=5)

    def __init__(self, proc_params):
        super().__init__(proc_params)
        self._decay_period = proc_params["decay_period"]
        self._halvings = proc_params["halve_every"], proc_params["max_halvings"]
        self._x_max = proc_params["schedules"][1].x_max

    def run_step(self, step):
        self.a = self.a_in.recv()
        third_factor = self.a_third_factor_in.recv()
        self.spikes = np.zeros_like(self.count)
        if step.first:
            self._begin_sample(step)
        if step.window >= 0:
            self._integrate(step)
        if step.third:
            self.g += step.third * third_factor
        if step.credit:
            self._assign_credit()
        if step.rank:
            eligibility = self.arithmetic.credit.round_count(self.count, self.x_shift, self._x_max)
            self.spikes = (eligibility >= step.rank).astype(np.int32)
        self._write_traces(step)
        for port, value in ((self.s_out, self.spikes), (self.s_out_y1, self.y1),
                            (self.s_out_y2, self.y2), (self.s_out_y3, self.y3)):
            port.send(value)
        if step.last:
            self.n_trained += self.learn

    def _begin_sample(self, step):
        self.count[:] = self.psi[:] = 0
        self.g[:] = 0
        if step.sign:
            self.z_state[:] = noise.advance(self.z_state)

    def _integrate(self, step):
        if step.start:
            self.v[:] = 0
        membrane = self.arithmetic.membrane
        bias = step.sign * noise.sign(self.z_state) * (self.bias_mant << self.bias_exp)
        v = membrane.integrate(self.v, self.a, self.dv, bias)
        self.watch(a=self.a, v=v)
        self.psi += membrane.near_threshold(v, self.vth, self.psi_width)
        self.spikes, self.v[:] = membrane.fire(v, self.vth)
        self.count += self.spikes
        self.n_spikes += self.learn * self.spikes.sum()

    def _assign_credit(self):
        credit = self.arithmetic.credit
        shift = credit.shift_at(self.y_shift, self.n_trained, *self._halvings)
        h = self.g * self.psi
        self.watch(h=h, r=self.y_residual + h)
        self.y[:], self.y_residual[:] = credit.factor(self.y_residual, h, shift)

    def _write_traces(self, step):
        """y1 - y2 is what a pre-synaptic spike of this step adds: -y to the weights, the signed bit of dhat times z to M."""
        credit = self.arithmetic.credit
        change = -self.y if step.rank else step.m_sign * noise.sign(self.z_state) * 2 ** step.m_bit
        self.y1[:], self.y2[:] = credit.positive(change), credit.negative(change)
        self.y3[:] = 0
        if step.decay:
            self.y3[:] = self.arithmetic.DECAY_TRACE * decay_rows(self.count.size, self.n_trained, self._decay_period)


@implements(proc=OpzoLIF, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class PyOpzoLIFModelFixed(FixedNeuron, AbstractOpzoLIFModel):
    """Bit-accurate to docs/arithmetic.md."""

    arithmetic = fixed
    v: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=24)
    g: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=24)


@implements(proc=OpzoLIF, protocol=LoihiProtocol)
@requires(CPU)
@tag("floating_pt")
class PyOpzoLIFModelFloat(FloatNeuron, AbstractOpzoLIFModel):
    """The same program in real numbers."""

    arithmetic = real
    v: np.ndarray = LavaPyType(np.ndarray, float)
    g: np.ndarray = LavaPyType(np.ndarray, float)
