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
from process_models.sample_clock import SampleClock
from process_models.sample_source.process import SampleSource


@implements(proc=SampleSource, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt", "floating_pt")
class PySampleSourceModel(SampleClock):
    """Reads the mailbox that the host filled; counts its own payloads as every population counts its spikes."""

    spikes: np.ndarray
    s_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=4)
    s_label_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=1)
    count: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=15)
    x_shift: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=5)
    n_sent: np.ndarray = LavaPyType(np.ndarray, np.int64, precision=32)

    def __init__(self, proc_params: Any) -> None:
        super().__init__(proc_params)
        self._mailbox = proc_params["mailbox"]

    def run_step(self, step: Step) -> None:
        """Send what the program says."""
        self.spikes = np.zeros_like(self.count)
        if step.first:
            self.count[:] = 0
        if step.frame >= 0:
            self.spikes[:] = self._mailbox.frame(self.n_sent[0], step.frame)
            self.count += self.spikes
        if step.rank:
            self.spikes[:] = round_count(self.count, self.x_shift, self.learning.eligibility.x_max) >= step.rank
        label = np.zeros(self._mailbox.n_out, np.int32)
        if step.label:
            label[self._mailbox.label(self.n_sent[0])] = 1
        self.s_out.send(self.spikes)
        self.s_label_out.send(label)
        if step.last:
            self.n_sent += 1
