"""WeightProbe: reads the weights of one connection after every time step."""
import numpy as np
from lava.magma.core.process.ports.ports import RefPort
from lava.magma.core.process.process import AbstractProcess
from lava.magma.core.process.variable import Var

from process_models.sample_clock import Recorder


class WeightProbe(AbstractProcess):
    """Reads a Var after the learning phase of each step and hands itself to a recorder. It exists only while somebody records.

    Parameters
    ----------
    weights : Var
        The Var to read; an alias in a hierarchical Process will do.
    trace : Recorder
        Gets the process model, whose attribute `weights` is what it read.
    part : tuple(numpy.ndarray), optional
        Indices of the entries to keep, where the Var holds more than weights: local weights in a dense matrix.

    Examples
    --------
    >>> import numpy as np
    >>> from lava.proc.dense.process import Dense
    >>> from lava_opzo.engines.lava.trace import Trace
    >>> dense = Dense(weights=np.zeros((3, 2), int))
    >>> probe = WeightProbe(weights=dense.weights, trace=Trace(100, {"weights": (3, 2)}))
    """

    def __init__(self, *, weights: Var, trace: Recorder, part: tuple[np.ndarray, ...] | None = None,
                 name: str | None = None) -> None:
        super().__init__(trace=trace, part=part, name=name)
        self.weights_ref = RefPort(shape=weights.shape)
        self.weights_ref.connect_var(weights)
