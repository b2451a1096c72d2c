"""CopyKernel: what a host would do between samples; it copies the weights that a LearningDense learned into a Conv."""
import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.model.py.model import PyLoihiProcessModel
from lava.magma.core.model.py.ports import PyRefPort
from lava.magma.core.model.py.type import LavaPyType
from lava.magma.core.process.ports.ports import RefPort
from lava.magma.core.process.process import AbstractProcess
from lava.magma.core.process.variable import Var
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

from lava_opzo.engines.lava.fixed import arrays
from lava_opzo.topology.conv import Conv


class CopyKernel(AbstractProcess):
    """Reads `source` (channels, taps) after every `period` steps and writes it, as stock Lava holds it, to `target`."""

    def __init__(self, *, topology: Conv, source: Var, target: Var, period: int) -> None:
        super().__init__(topology=topology, period=period)
        self.source, self.target = RefPort(source.shape), RefPort(target.shape)
        self.source.connect_var(source)
        self.target.connect_var(target)


@implements(proc=CopyKernel, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class PyCopyKernelModel(PyLoihiProcessModel):
    """Copies in the management phase, which follows the learning phase."""

    source: PyRefPort = LavaPyType(PyRefPort.VEC_DENSE, np.int32)
    target: PyRefPort = LavaPyType(PyRefPort.VEC_DENSE, np.int32)

    def post_guard(self) -> bool:
        """Lava asks before the management phase."""
        return self.time_step % self.proc_params["period"] == 0

    def run_spk(self) -> None:
        """Nothing."""

    def run_post_mgmt(self) -> None:
        """Copy."""
        (kernel,) = arrays(self.proc_params["topology"], self.source.read())
        self.target.write(kernel)
        self.target.wait()
