"""OpzoLIF in integers and in real numbers: one program that moves data, two number systems (lava_opzo.arithmetic)."""
import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.model.py.ports import PyOutPort
from lava.magma.core.model.py.type import LavaPyType
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

from lava_opzo.arithmetic.factors import hidden_credit
from lava_opzo.arithmetic.fixed import noise
from lava_opzo.arithmetic.fixed.weights import decay_rows
from lava_opzo.learning.step import Step
from process_models.neuron import FixedNeuron, Neuron, RealNeuron
from process_models.opzo_lif.process import OpzoLIF


class AbstractOpzoLIFModel(Neuron):
    """The program of a hidden population. A subclass gives the number system and types.

    `integrate`, `gate`, `fire` and `eligibility` are the parts in which another neuron would differ; each may be overridden.
    """

    a: np.ndarray
    s_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=24)
    count: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=20)
    psi: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=11)
    z_state: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=24)
    n_spikes: np.ndarray = LavaPyType(np.ndarray, np.int64, precision=64)
    vth: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=17)
    dv: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=12)
    bias_mant: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=13)
    bias_exp: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=3)
    psi_width: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=17)
    floor: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=24)
    x_shift: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=5)

    def integrate(self, v: np.ndarray, a: np.ndarray, bias: np.ndarray) -> np.ndarray:
        """The membrane before its reset, from the membrane before, the synaptic input and the noise; each (n,)."""
        return self.numbers.membrane.integrate(v, a, self.dv, bias)

    def gate(self, v: np.ndarray) -> np.ndarray:
        """What a step adds to psi, int32 (n,): 1 where the membrane before its reset is near the threshold."""
        return self.numbers.membrane.near_threshold(v, self.vth, self.psi_width)

    def fire(self, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Spikes int32 (n,), and the membrane after the reset and above its floor."""
        return self.numbers.membrane.fire(v, self.vth, int(self.floor[0]))

    def eligibility(self) -> np.ndarray:
        """What this population remembers for the connection above, int32 (n,), 0..x_max: of a sample, or in its trace."""
        return self.numbers.quantiser.round_count(self.count, self.x_shift, self.learning.eligibility.x_max)

    def run_step(self, step: Step) -> None:
        """Receive, compute, send."""
        self.a = self.a_in.recv()
        third_factor = self.a_third_factor_in.recv()
        self.spikes = np.zeros_like(self.count)
        if step.first:
            self._begin_sample(step)
        if step.window >= 0:
            self._window_step(step)
        if step.third_factor:
            self.g += step.third_factor * third_factor
            self.watch(g=self.g)
        if step.quantise:
            self._assign_credit()
        if step.rank:
            self.spikes = (self.eligibility() >= step.rank).astype(np.int32)
        self._set_traces(step)
        self.send()
        if step.last:
            self.n_trained += self.learn

    def _begin_sample(self, step: Step) -> None:
        if step.rest:
            self.count[:] = 0
        self.psi[:] = 0
        self.g[:] = 0
        if step.sign:
            self.z_state[:] = noise.advance(self.z_state)

    def _window_step(self, step: Step) -> None:
        if step.start:
            self.v[:] = 0
        if step.alone:
            self.psi[:] = 0
            self.g[:] = 0
        v = self.integrate(self.v, self.a, step.sign * noise.sign(self.z_state) * (self.bias_mant << self.bias_exp))
        self.watch(a=self.a, v=v)
        self.psi += self.gate(v)
        self.spikes, self.v[:] = self.fire(v)
        self.count[:] = self.counted(self.count, self.spikes, step)
        self.n_spikes += self.learn * self.spikes.sum()

    def _assign_credit(self) -> None:
        credit = hidden_credit(self.numbers, self.g, self.psi, self.y_residual, self.shift(), self.third_factor_limit())
        self.watch(h=credit.h, r=self.y_residual + credit.h)
        self.y[:], self.y_residual[:] = credit.y, credit.y_residual

    def _set_traces(self, step: Step) -> None:
        """-y for the weights W, the signed bit of dhat times z for M, and y3 for the rows of M that decay."""
        self.write_traces(-self.y if step.rank else step.m_sign * noise.sign(self.z_state) * 2 ** step.m_bit)
        self.y3[:] = 0
        if step.decay:
            rows = decay_rows(self.count.size, int(self.n_trained[0]), self.learning.credit.decay_period)
            self.y3[:] = self.numbers.decay_trace * rows


class FixedOpzoLIF(FixedNeuron, AbstractOpzoLIFModel):
    """Bit for bit docs/arithmetic.md. To change a part, derive a class and decorate it for `OpzoLIF` (examples/own_neuron.py)."""

    v: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=24)
    g: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=24)


class RealOpzoLIF(RealNeuron, AbstractOpzoLIFModel):
    """The same program in real numbers."""

    v: np.ndarray = LavaPyType(np.ndarray, float)
    g: np.ndarray = LavaPyType(np.ndarray, float)


@implements(proc=OpzoLIF, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class PyOpzoLIFModelFixed(FixedOpzoLIF):
    """What Lava finds for the tag fixed_pt."""


@implements(proc=OpzoLIF, protocol=LoihiProtocol)
@requires(CPU)
@tag("floating_pt")
class PyOpzoLIFModelFloat(RealOpzoLIF):
    """What Lava finds for the tag floating_pt."""
