"""What the models of hidden neurons and of the readout share, in the widths of the chip and in real numbers."""
from typing import Any, ClassVar

import numpy as np
from lava.magma.core.model.py.ports import PyInPort, PyOutPort
from lava.magma.core.model.py.type import LavaPyType

from lava_opzo.arithmetic.fixed.quantiser import third_factor_limit
from lava_opzo.arithmetic.numbers import FIXED, REAL, Numbers
from lava_opzo.errors import UserError
from process_models.sample_clock import SampleClock


class Neuron(SampleClock):
    """Sends a message and three post-synaptic traces in every step, and counts the samples that it learned.

    numbers: the number system of a subclass. spikes: the message of this step.

    proc_params: those of SampleClock; `number`, the number system that the rest of the graph was built for, or None for any;
    `largest`, a dict variable -> shared int64 array of one element that keeps its largest size, or None.
    Raises UserError when Lava takes a model of another number system than the graph was built for.
    """

    numbers: ClassVar[Numbers]
    spikes: np.ndarray
    s_out: PyOutPort
    s_out_bap: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, bool, precision=1)
    n_trained: np.ndarray = LavaPyType(np.ndarray, np.int64, precision=32)
    y_shift: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=5)

    def __init__(self, proc_params: Any) -> None:
        super().__init__(proc_params)
        number = proc_params["number"]
        if number not in (None, self.numbers.name):
            raise UserError(f"process '{proc_params['name']}': its connections learn by the rules of number '{number}', its "
                            f"model {type(self).__name__} is of number '{self.numbers.name}'; give the one that select_tag means")
        self._largest: dict[str, np.ndarray] | None = proc_params["largest"]

    def watch(self, **values: np.ndarray) -> None:
        """Keep the largest size of each variable that has a place for it; changes nothing else."""
        for name, kept in (self._largest or {}).items():
            if name in values:
                kept[0] = max(kept[0], np.abs(values[name]).max())

    def shift(self) -> int:
        """The bits that the quantiser of y drops now."""
        halve_every, max_halvings = self.learning.halve_every, self.learning.max_halvings
        return self.numbers.quantiser.shift_at(int(self.y_shift[0]), int(self.n_trained[0]), halve_every, max_halvings)

    def third_factor_limit(self) -> int:
        """Where the third factor is clipped, so that h fits beside every residual that the schedule of learning rates brings."""
        learning = self.learning
        return third_factor_limit(int(self.y_shift[0]) + learning.halvings, learning.gate_steps)

    def write_traces(self, change: np.ndarray) -> None:
        """y1 - y2 is what a pre-synaptic spike of this step adds to a weight, in steps."""
        self.y1[:], self.y2[:] = self.numbers.error.positive(change), self.numbers.error.negative(change)

    def send(self) -> None:
        """What this step sends: the message and the traces."""
        for port, value in ((self.s_out, self.spikes), (self.s_out_y1, self.y1), (self.s_out_y2, self.y2),
                            (self.s_out_y3, self.y3)):
            port.send(value)


class FixedNeuron(Neuron):
    """Synaptic input, third factor, the factor y with what its quantiser keeps, and the traces y1..y3 as integers."""

    numbers = FIXED
    a_in: PyInPort = LavaPyType(PyInPort.VEC_DENSE, np.int32, precision=16)
    a_third_factor_in: PyInPort = LavaPyType(PyInPort.VEC_DENSE, np.int32, precision=24)
    s_out_y1: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=7)
    s_out_y2: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=7)
    s_out_y3: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=7)
    y: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=8)
    y1: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=7)
    y2: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=7)
    y3: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=7)
    y_residual: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=23)


class RealNeuron(Neuron):
    """The same in real numbers, which have no width to watch."""

    numbers = REAL
    a_in: PyInPort = LavaPyType(PyInPort.VEC_DENSE, float)
    a_third_factor_in: PyInPort = LavaPyType(PyInPort.VEC_DENSE, float)
    s_out_y1: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, float)
    s_out_y2: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, float)
    s_out_y3: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, float)
    y: np.ndarray = LavaPyType(np.ndarray, float)
    y1: np.ndarray = LavaPyType(np.ndarray, float)
    y2: np.ndarray = LavaPyType(np.ndarray, float)
    y3: np.ndarray = LavaPyType(np.ndarray, float)
    y_residual: np.ndarray = LavaPyType(np.ndarray, float)

    def watch(self, **values: np.ndarray) -> None:
        """Nothing."""
