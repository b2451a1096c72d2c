"""LearningPatches in integers and in real numbers: nothing is touched but the edges of what spikes."""
from typing import Any, ClassVar

import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.model.py.model import PyLoihiProcessModel
from lava.magma.core.model.py.ports import PyInPort, PyOutPort
from lava.magma.core.model.py.type import LavaPyType
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

from lava_opzo.arithmetic.fixed.synapses import learned, summed
from lava_opzo.arithmetic.numbers import FIXED, REAL, Numbers
from lava_opzo.topology.conv import Conv
from process_models.learning_patches.process import LearningPatches


class AbstractLearningPatchesModel(PyLoihiProcessModel):
    """What both number systems share. Asks for the learning phase of a step only where something is learned."""

    numbers: ClassVar[Numbers]
    weights: np.ndarray
    residual: np.ndarray
    a_buff: np.ndarray
    a_out: PyOutPort
    s_in_y1: PyInPort
    s_in_y2: PyInPort
    s_in: PyInPort = LavaPyType(PyInPort.VEC_DENSE, np.int32, precision=7)
    num_message_bits: np.ndarray = LavaPyType(np.ndarray, int, precision=5)

    def __init__(self, proc_params: Any) -> None:
        super().__init__(proc_params)
        self._topology, self._profile = proc_params["topology"], proc_params["profile"]
        self._rail_touches = proc_params["rail_touches"]
        self._sum_shift = self._topology.sum_shift if isinstance(self._topology, Conv) else 0

    def run_spk(self) -> None:
        """Send the sums of the last step, receive, and compute the next ones with the weights before this step's update."""
        self.a_out.send(self.a_buff)
        s_in = self.s_in.recv()
        self._x0 = s_in != 0
        sent = s_in if self.num_message_bits[0] else self._x0
        self.a_buff = self.numbers.synapses.received(self._topology, self.weights, sent)
        self._y1, self._y2 = self.s_in_y1.recv(), self.s_in_y2.recv()

    def lrn_guard(self) -> bool:
        """Lava asks before the learning phase."""
        return bool(self._x0.any() and (self._y1.any() or self._y2.any()))

    def run_lrn(self) -> None:
        """Add y1 - y2 where a message arrived."""
        raise NotImplementedError


@implements(proc=LearningPatches, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class PyLearningPatchesModelFixed(AbstractLearningPatchesModel):
    """Bit for bit docs/arithmetic.md."""

    numbers = FIXED
    a_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=16)
    a_buff: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=16)
    weights: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=8)
    residual: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=24)
    s_in_y1: PyInPort = LavaPyType(PyInPort.VEC_DENSE, np.int32, precision=7)
    s_in_y2: PyInPort = LavaPyType(PyInPort.VEC_DENSE, np.int32, precision=7)

    def run_lrn(self) -> None:
        """Add y1 - y2 where a message arrived, within the rails."""
        factors = self._x0, self._y1, self._y2
        touches = (summed(self._topology, self.weights, self.residual, *factors, self._profile)
                   if self._sum_shift else learned(self._topology, self.weights, *factors, self._profile))
        if self._rail_touches is not None:
            self._rail_touches[0] += touches


@implements(proc=LearningPatches, protocol=LoihiProtocol)
@requires(CPU)
@tag("floating_pt")
class PyLearningPatchesModelFloat(AbstractLearningPatchesModel):
    """The same in real numbers, which have no rails."""

    numbers = REAL
    a_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, float)
    a_buff: np.ndarray = LavaPyType(np.ndarray, float)
    weights: np.ndarray = LavaPyType(np.ndarray, float)
    residual: np.ndarray = LavaPyType(np.ndarray, float)
    s_in_y1: PyInPort = LavaPyType(PyInPort.VEC_DENSE, float)
    s_in_y2: PyInPort = LavaPyType(PyInPort.VEC_DENSE, float)

    def run_lrn(self) -> None:
        """Add y1 - y2 where a message arrived."""
        scale = 0.5 ** self._sum_shift
        REAL.synapses.learned(self._topology, self.weights, self._x0, scale * self._y1, scale * self._y2)
