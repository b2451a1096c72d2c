"""OpzoReadout in integers and in real numbers: one program, two number systems (lava_opzo.arithmetic)."""
from typing import Any

import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.model.py.ports import PyInPort, PyOutPort
from lava.magma.core.model.py.type import LavaPyType
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

from lava_opzo.arithmetic.factors import ReadoutCredit, readout_credit
from lava_opzo.learning.step import Step
from lava_opzo.silicon.readouts import CLASSES
from process_models.neuron import FixedNeuron, Neuron, RealNeuron
from process_models.opzo_readout.process import OpzoReadout


class AbstractOpzoReadoutModel(Neuron):
    """The program of the readout. A subclass gives the number system and types. `predict` may be overridden."""

    a: np.ndarray
    o_plus: np.ndarray
    o_minus: np.ndarray
    _k: int
    d_hat: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=8)
    prediction: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=13)
    n_answered: np.ndarray = LavaPyType(np.ndarray, np.int64, precision=32)
    error_shift: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=5)
    d_shift: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=5)

    def __init__(self, proc_params: Any) -> None:
        super().__init__(proc_params)
        self._mailbox, self._kind = proc_params["mailbox"], proc_params["kind"]
        self._dv: int = proc_params["dv"]

    def predict(self, o: np.ndarray) -> int | np.ndarray:
        """What the sums (n,) of all windows stand for: a class, or labels or values (n,)."""
        return self.numbers.error.answer(o, int(self.error_shift[0]), self._kind)

    def run_step(self, step: Step) -> None:
        """Receive, compute, send."""
        self.a = self.a_in.recv()
        label = self.a_third_factor_in.recv()
        if step.rest:
            self.o_plus[:] = self.o_minus[:] = 0
        elif step.first:
            self.o_plus[:], self.o_minus[:] = self.numbers.membrane.balanced(self.o_plus, self.o_minus)
        if step.window >= 0 and self._dv:
            for sums in (self.o_plus, self.o_minus):
                sums[:] = self.numbers.membrane.leak(sums, self._dv)
        if step.window == 0:
            self.o_plus += self.a
        elif step.window == 1:
            self.o_minus += self.a
        if step.frame >= 0:
            self._k = step.frame
        if step.answer:
            self._answer()
        if step.quantise:
            before = self.d_hat.copy(), self.d_residual.copy()
            self._assign_credit(label)
            if not step.difference:  # another answer of this sample follows
                self.d_hat[:], self.d_residual[:] = before
        self.spikes = self._message(step)
        self.write_traces(-self.y if step.rank else np.zeros_like(self.y))
        self.send()
        if step.last:
            self.n_trained += self.learn
            self.n_answered += 1

    def _answer(self) -> None:
        o = self.o_plus + self.o_minus
        self.watch(o=o)
        self.prediction[:] = self.predict(o if self.learn[0] else self.learning.windows * o)
        if self._mailbox is not None:
            self._mailbox.answer(self.n_answered[0], self._k, self.prediction[0] if self._kind == CLASSES else self.prediction)

    def _assign_credit(self, label: np.ndarray, mean: np.ndarray | None = None) -> ReadoutCredit:
        """mean: the running mean of each output for this label, where they have some."""
        learned = self.learning.credit
        credit = readout_credit(self.numbers, self.o_plus, self.o_minus, label, int(self.error_shift[0]), self.y_residual,
                                self.shift(), self.d_residual, int(self.d_shift[0]), learned.d_bits, self._kind, mean,
                                learned.baseline_shift)
        self.watch(d=credit.d)
        self.error[:], self.y[:], self.y_residual[:] = credit.error, credit.y, credit.y_residual
        self.d_hat[:], self.d_residual[:] = credit.d_hat, credit.d_residual
        return credit

    def _message(self, step: Step) -> np.ndarray:
        """What M receives: a part of the error, or one bit of a part of dhat."""
        positive = self.numbers.error.positive
        if step.error:
            return positive(step.error * self.error)
        if step.m_sign:
            return positive(step.m_sign * self.d_hat) >> step.m_bit & 1
        return np.zeros_like(self.error)


class FixedOpzoReadout(FixedNeuron, AbstractOpzoReadoutModel):
    """Bit for bit docs/arithmetic.md. To change a part, derive a class and decorate it for `OpzoReadout`."""

    a_third_factor_in: PyInPort = LavaPyType(PyInPort.VEC_DENSE, np.int32, precision=8)
    s_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=7)
    o_plus: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=24)
    o_minus: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=24)
    error: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=8)
    d_residual: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=23)


class RealOpzoReadout(RealNeuron, AbstractOpzoReadoutModel):
    """The same program in real numbers; the error is that of a softmax, of logistic outputs or of values."""

    s_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, float)
    o_plus: np.ndarray = LavaPyType(np.ndarray, float)
    o_minus: np.ndarray = LavaPyType(np.ndarray, float)
    error: np.ndarray = LavaPyType(np.ndarray, float)
    d_residual: np.ndarray = LavaPyType(np.ndarray, float)


@implements(proc=OpzoReadout, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class PyOpzoReadoutModelFixed(FixedOpzoReadout):
    """What Lava finds for the tag fixed_pt."""


@implements(proc=OpzoReadout, protocol=LoihiProtocol)
@requires(CPU)
@tag("floating_pt")
class PyOpzoReadoutModelFloat(RealOpzoReadout):
    """What Lava finds for the tag floating_pt."""
