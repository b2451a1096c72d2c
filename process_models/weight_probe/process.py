"""WeightProbe: reads the weights of one connection after every time step."""
from lava.magma.core.process.ports.ports import RefPort
from lava.magma.core.process.process import AbstractProcess


class WeightProbe(AbstractProcess):
    """Reads a Var `weights` (n_post, n_pre) after the learning phase of each step. It exists only while somebody records.

    Parameters
    ----------
    weights: the Var to read. trace: `lava_opzo.engines.lava.trace.Trace` with the one name `weights`.
    """

    def __init__(self, *, weights, trace, name=None):
        super().__init__(trace=trace, name=name)
        self.weights_ref = RefPort(shape=weights.shape)
        self.weights_ref.connect_var(weights)
