"""Ports and Vars that the hidden layers and the readout share, in the widths of the chip and in real numbers."""
import numpy as np
from lava.magma.core.model.py.ports import PyInPort, PyOutPort
from lava.magma.core.model.py.type import LavaPyType


class FixedNeuron:
    """Synaptic input, third factor, the factor y with what its quantiser keeps, and the traces y1..y3 as integers.

    proc_params: `largest`, a dict variable -> shared int64 array of one element that keeps its largest size, or None.
    """

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

    def __init__(self, proc_params):
        super().__init__(proc_params)
        self._largest = proc_params["largest"]

    def watch(self, **values):
        """Keep the largest size of each variable; changes nothing else."""
        if self._largest is not None:
            for name, value in values.items():
                kept = self._largest[name]
                kept[0] = max(kept[0], np.abs(value).max())


class FloatNeuron:
    """The same in real numbers, which have no width to watch."""

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

    def watch(self, **values):
        """Nothing."""
