"""SampleSource: the same integers for a graph in integers and for one in real numbers."""
from typing import Any

import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.model.py.ports import PyOutPort
from lava.magma.core.model.py.type import LavaPyType
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

from lava_opzo.arithmetic.fixed.quantiser import round_count
from lava_opzo.learning.step import Step
from lava_opzo.silicon.readouts import NO_LABEL
from process_models.sample_clock import SampleClock
from process_models.sample_source.process import SampleSource


class AbstractSourceModel(SampleClock):
    """The program of the input lines, which counts its own payloads as every population counts its spikes.

    A subclass says where a sample comes from: `payloads`, `target`, and the number of classes `n_out`.
    """

    n_out: int
    spikes: np.ndarray
    _k: int
    s_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=4)
    s_label_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=8)
    count: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=20)
    x_shift: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=5)
    n_sent: np.ndarray = LavaPyType(np.ndarray, np.int64, precision=32)

    def payloads(self, k: int) -> np.ndarray:
        """The payloads (n_in,) of window step k."""
        raise NotImplementedError

    def target(self, k: int) -> int | np.ndarray:
        """The class that is taught after step k, -1 for none, or (n_out,) one number an output."""
        raise NotImplementedError

    def run_step(self, step: Step) -> None:
        """Send what the program says."""
        self.spikes = np.zeros_like(self.count)
        if step.rest:
            self.count[:] = 0
        if step.frame >= 0:
            self._k = step.frame
            self.spikes[:] = self.payloads(step.frame)
            self.count[:] = self.counted(self.count, self.spikes, step)
        if step.rank:
            self.spikes[:] = round_count(self.count, self.x_shift, self.learning.eligibility.x_max) >= step.rank
        label = np.zeros(self.n_out, np.int32)
        if step.label:
            target = self.target(self._k)
            label[:] = target if np.ndim(target) or target == NO_LABEL else np.arange(self.n_out) == target
        self.s_out.send(self.spikes)
        self.s_label_out.send(label)
        if step.last:
            self.n_sent += 1


@implements(proc=SampleSource, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt", "floating_pt")
class PySampleSourceModel(AbstractSourceModel):
    """Reads the mailbox that the host filled."""

    def __init__(self, proc_params: Any) -> None:
        super().__init__(proc_params)
        self._mailbox = proc_params["mailbox"]
        self.n_out = self._mailbox.n_out

    def payloads(self, k: int) -> np.ndarray:
        """The payloads in the mailbox."""
        return self._mailbox.frame(self.n_sent[0], k)

    def target(self, k: int) -> int | np.ndarray:
        """The label in the mailbox."""
        return self._mailbox.label(self.n_sent[0], k)
