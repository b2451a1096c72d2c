"""OpzoReadout in fixed and in floating point: one shell, two arithmetics."""
import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.model.py.ports import PyInPort, PyOutPort
from lava.magma.core.model.py.type import LavaPyType
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

from lava_opzo.arithmetic import fixed, real
from process_models.neuron_types import FixedNeuron, FloatNeuron
from process_models.opzo_readout.process import OpzoReadout
from process_models.sample_clock import SampleClock


class AbstractOpzoReadoutModel(SampleClock):
    """The program of the readout. A subclass gives `arithmetic` (a package with credit) and types."""

    arithmetic = None
    s_out_bap: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, bool, precision=1)
    d_hat: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=8)
    prediction: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=13)
    n_answered: np.ndarray = LavaPyType(np.ndarray, np.int64, precision=32)
    n_trained: np.ndarray = LavaPyType(np.ndarray, np.int64, precision=32)
    error_shift: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=5)
    y_shift: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=5)
    d_shift: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=5)

    def __init__(self, proc_params):
        super().__init__(proc_params)
        self._halvings = proc_params["halve_every"], proc_params["max_halvings"]
        self._d_max = (1 << proc_params["schedules"][1].d_bits) - 1
        self._mailbox = proc_params["mailbox"]

    def run_step(self, step):
        self.a = self.a_in.recv()
        target = self.a_third_factor_in.recv()
        if step.first:
            self.o_plus[:] = self.o_minus[:] = 0
        if step.window == 0:
            self.o_plus += self.a
        elif step.window == 1:
            self.o_minus += self.a
        if step.credit:
            self._answer()
            if self.learn[0]:
                self._assign_credit(target)
        self.spikes = self._feedback(step)
        self._write_traces(step)
        for port, value in ((self.s_out, self.spikes), (self.s_out_y1, self.y1),
                            (self.s_out_y2, self.y2), (self.s_out_y3, self.y3)):
            port.send(value)
        if step.last:
            self.n_trained += self.learn

    def _answer(self):
        o = self.o_plus + self.o_minus
        self.watch(o=o)
        self.prediction[0] = self.arithmetic.credit.predict(o)
        if self._mailbox is not None:
            self._mailbox.answer(self.n_answered[0], self.prediction[0])
        self.n_answered += 1

    def _assign_credit(self, target):
        credit = self.arithmetic.credit
        self.error[:] = credit.output_error(self.o_plus + self.o_minus, target, self.error_shift)
        shift = credit.shift_at(self.y_shift, self.n_trained, *self._halvings)
        self.y[:], self.y_residual[:] = credit.factor(self.y_residual, self.error, shift)
        d = self.o_plus - self.o_minus
        self.watch(d=d)
        self.d_hat[:], self.d_residual[:] = credit.quantise(self.d_residual, d, self.d_shift, self._d_max)

    def _feedback(self, step):
        """What M receives: a part of the error, or one bit of a part of dhat."""
        credit = self.arithmetic.credit
        if step.error:
            return credit.positive(step.error * self.error)
        if step.m_sign:
            return credit.positive(step.m_sign * self.d_hat) >> step.m_bit & 1
        return np.zeros_like(self.error)

    def _write_traces(self, step):
        credit = self.arithmetic.credit
        change = -self.y if step.rank else np.zeros_like(self.y)
        self.y1[:], self.y2[:] = credit.positive(change), credit.negative(change)


@implements(proc=OpzoReadout, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class PyOpzoReadoutModelFixed(FixedNeuron, AbstractOpzoReadoutModel):
    """Bit-accurate to docs/arithmetic.md."""

    arithmetic = fixed
    a_third_factor_in: PyInPort = LavaPyType(PyInPort.VEC_DENSE, np.int32, precision=1)
    s_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=7)
    o_plus: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=24)
    o_minus: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=24)
    error: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=8)
    d_residual: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=23)


@implements(proc=OpzoReadout, protocol=LoihiProtocol)
@requires(CPU)
@tag("floating_pt")
class PyOpzoReadoutModelFloat(FloatNeuron, AbstractOpzoReadoutModel):
    """The same program in real numbers; the error is that of a softmax."""

    arithmetic = real
    s_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, float)
    o_plus: np.ndarray = LavaPyType(np.ndarray, float)
    o_minus: np.ndarray = LavaPyType(np.ndarray, float)
    error: np.ndarray = LavaPyType(np.ndarray, float)
    d_residual: np.ndarray = LavaPyType(np.ndarray, float)
