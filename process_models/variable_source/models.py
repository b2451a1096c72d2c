"""VariableSource on the host: the program of SampleSource over Vars."""
from typing import Any

import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.model.py.type import LavaPyType
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

from process_models.sample_source.models import AbstractSourceModel
from process_models.variable_source.process import VariableSource


@implements(proc=VariableSource, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt", "floating_pt")
class PyVariableSourceModel(AbstractSourceModel):
    """Reads the Vars that the host set before the sample."""

    frames: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=4)
    label: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=13)

    def __init__(self, proc_params: Any) -> None:
        super().__init__(proc_params)
        self.n_out = proc_params["n_out"]

    def payloads(self, k: int) -> np.ndarray:
        """The row of `frames` for window step k."""
        return self.frames[k if len(self.frames) > 1 else 0]

    def target(self, k: int) -> int:
        """The class in `label`, that of step k where each has one."""
        return int(self.label[k if self.learning.by_step else 0])
