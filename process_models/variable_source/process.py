"""VariableSource: the input lines of a network whose host has Vars and ports only, as a board's host has."""
import numpy as np
from lava.magma.core.process.ports.ports import OutPort
from lava.magma.core.process.process import AbstractProcess, LogConfig
from lava.magma.core.process.variable import Var

from lava_opzo.learning.learning import Learning
from process_models.sample_clock import Recorder


class VariableSource(AbstractProcess):
    """Plays the one sample that the host has set, in the timeline of docs/arithmetic.md section 6.

    It sends what `SampleSource` sends, without memory that is shared with the host: between two samples the host sets the Var
    `frames`, and for a training sample the Var `label`: its class, or where weights learn in every step that of each step, -1 for
    none.

    Parameters
    ----------
    n_in, n_out, rows : int
        Input lines, classes, rows of a sample (1, the same in every step of a window, or one a step).
    x_shift : int
        Bits that the payload sums lose before they become eligibility of the first connection.
    count : numpy.ndarray, optional
        What the lines remember from before, where they carry it from sample to sample.
    learning, depth, learn, trace : optional
        As for `OpzoLIF`.

    Ports
    -----
    s_out : (n_in,), payloads 0..15 in the windows, eligibility spikes in the learning steps.
    s_label_out : (n_out,), the label as a one-hot vector, -1 alone for none, in the step of each answer of a training sample.

    Examples
    --------
    >>> source = VariableSource(n_in=65, n_out=10, rows=1, x_shift=8, depth=2)
    >>> source.frames.shape, source.s_label_out.shape
    ((1, 65), (10,))

    This makes 65 input lines that send the sample in `frames`, which is empty before the host sets it.
    """

    def __init__(self, *, n_in: int, n_out: int, rows: int, x_shift: int, learning: Learning | None = None, depth: int = 1,
                 learn: bool = True, count: int | np.ndarray = 0, trace: Recorder | None = None, name: str | None = None,
                 log_config: LogConfig | None = None) -> None:
        learning = learning or Learning()
        super().__init__(n_out=n_out, learning=learning, depth=depth, population=0, trace=trace, name=name, log_config=log_config)
        self.s_out = OutPort(shape=(n_in,))
        self.s_label_out = OutPort(shape=(n_out,))
        self.frames = Var(shape=(rows, n_in), init=0)
        self.label = Var(shape=(learning.steps if learning.by_step else 1,), init=0)
        self.count = Var(shape=(n_in,), init=count)
        self.x_shift = Var(shape=(1,), init=x_shift)
        self.n_sent = Var(shape=(1,), init=0)
        self.tau = Var(shape=(1,), init=0)
        self.learn = Var(shape=(1,), init=int(learn))
