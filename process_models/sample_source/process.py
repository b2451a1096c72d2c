"""SampleSource: the input layer; it sends payloads, eligibility spikes and the label."""
from lava.magma.core.process.ports.ports import OutPort
from lava.magma.core.process.process import AbstractProcess
from lava.magma.core.process.variable import Var


class SampleSource(AbstractProcess):
    """Plays the samples that lie in a mailbox, one after the other, in the timeline of docs/arithmetic.md section 6.

    Ports
    -----
    s_out (n_in,): payloads 0..15 in the windows, eligibility spikes in the learning steps.
    s_label_out (n_out,): the label as a one-hot vector, in the step of the answer.

    Parameters
    ----------
    mailbox: `lava_opzo.engines.lava.mailbox.Mailbox` with the samples. schedules: evaluation and learning `Schedule`.
    x_shift: rounds the payload sums for the first connection. trace: `lava_opzo.engines.lava.trace.Trace` or None.
    """

    def __init__(self, *, mailbox, schedules, x_shift, trace=None, name=None):
        super().__init__(mailbox=mailbox, schedules=schedules, layer=0, trace=trace, name=name)
        self.s_out = OutPort(shape=(mailbox.n_in,))
        self.s_label_out = OutPort(shape=(mailbox.n_out,))
        self.count = Var(shape=(mailbox.n_in,), init=0)
        self.x_shift = Var(shape=(1,), init=x_shift)
        self.n_sent = Var(shape=(1,), init=0)
        self.tau = Var(shape=(1,), init=0)
        self.learn = Var(shape=(1,), init=1)
