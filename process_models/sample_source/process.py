"""SampleSource: the input lines; it sends payloads, eligibility spikes and the label."""
from typing import Protocol

import numpy as np
from lava.magma.core.process.ports.ports import OutPort
from lava.magma.core.process.process import AbstractProcess, LogConfig
from lava.magma.core.process.variable import Var

from lava_opzo.learning.learning import Learning
from process_models.sample_clock import Recorder


class Samples(Protocol):
    """Where samples come from, such as `lava_opzo.engines.lava.mailbox.Mailbox`; they are counted from 0."""

    n_in: int
    n_out: int

    def frame(self, sample: int, k: int) -> np.ndarray:
        """The payloads 0..15 of window step k, (n_in,)."""
        ...

    def label(self, sample: int, k: int) -> int | np.ndarray:
        """The class after window step k, -1 for none, or (n_out,) labels 0 and 1 or values."""
        ...


class SampleSource(AbstractProcess):
    """Plays samples one after the other, in the timeline of docs/arithmetic.md section 6.

    Parameters
    ----------
    mailbox : Samples
        Where the samples come from.
    x_shift : int
        Bits that the payload sums lose before they become eligibility of the first connection.
    count : numpy.ndarray, optional
        What the lines remember from before, where they carry it from sample to sample.
    learning, depth, learn, trace : optional
        As for `OpzoLIF`.

    Ports
    -----
    s_out : (n_in,), payloads 0..15 in the windows, eligibility spikes in the learning steps.
    s_label_out : (n_out,), the class as a one-hot vector, -1 alone for no label, or labels or values, in the step of the answer
        of a training sample.

    Examples
    --------
    >>> from lava_opzo.engines.lava.mailbox import Mailbox
    >>> source = SampleSource(mailbox=Mailbox(capacity=8, n_frames=1, n_in=65, n_out=10), x_shift=8, depth=2)
    >>> source.s_out.shape, source.s_label_out.shape
    ((65,), (10,))

    This makes 65 input lines that send the samples which the host posts into the mailbox, up to 8 at a time.
    """

    def __init__(self, *, mailbox: Samples, x_shift: int, learning: Learning | None = None, depth: int = 1, learn: bool = True,
                 count: int | np.ndarray = 0, trace: Recorder | None = None, name: str | None = None,
                 log_config: LogConfig | None = None) -> None:
        super().__init__(mailbox=mailbox, learning=learning or Learning(), depth=depth, population=0, trace=trace, name=name,
                         log_config=log_config)
        self.s_out = OutPort(shape=(mailbox.n_in,))
        self.s_label_out = OutPort(shape=(mailbox.n_out,))
        self.count = Var(shape=(mailbox.n_in,), init=count)
        self.x_shift = Var(shape=(1,), init=x_shift)
        self.n_sent = Var(shape=(1,), init=0)
        self.tau = Var(shape=(1,), init=0)
        self.learn = Var(shape=(1,), init=int(learn))
