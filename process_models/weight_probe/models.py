"""WeightProbe for integer weights: it only copies."""
from typing import Any

import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.model.py.model import PyLoihiProcessModel
from lava.magma.core.model.py.ports import PyRefPort
from lava.magma.core.model.py.type import LavaPyType
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

from process_models.weight_probe.process import WeightProbe


@implements(proc=WeightProbe, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class PyWeightProbeModel(PyLoihiProcessModel):
    """Asks for the management phase of every step, which follows the learning phase, and reads in it."""

    weights: np.ndarray
    weights_ref: PyRefPort = LavaPyType(PyRefPort.VEC_DENSE, np.int32)

    def __init__(self, proc_params: Any) -> None:
        super().__init__(proc_params)
        self._trace, self._part = proc_params["trace"], proc_params["part"]

    def run_spk(self) -> None:
        """Nothing."""

    def post_guard(self) -> bool:
        """Lava asks before the management phase."""
        return True

    def run_post_mgmt(self) -> None:
        """Read and store."""
        read = self.weights_ref.read()
        self.weights = read if self._part is None else read[self._part]
        self._trace.store(self)
