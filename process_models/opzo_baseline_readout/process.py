"""OpzoBaselineReadout: output neurons that take a running mean of their sums off before they send what M learns from."""
from typing import Any

import numpy as np
from lava.magma.core.process.variable import Var

from process_models.opzo_readout.process import OpzoReadout


class OpzoBaselineReadout(OpzoReadout):
    """Output neurons of a network with one window, each with running means of its sum, by the label of the sample.

    All but dhat is `OpzoReadout`. With one window there is no second one to take off, so that a sum is mostly what the sample
    is and hardly what the noise did; the mean of samples with the same label is most of the former (docs/arithmetic.md, 4).

    Parameters
    ----------
    baseline : numpy.ndarray
        The means (n, 2), for samples of other labels and of its own, or (n, n), for samples of each class; in units of
        2^-baseline_shift. Which of both is a field of `learning.credit`.
    others : optional
        As for `OpzoReadout`.

    Ports
    -----
    As those of `OpzoReadout`.

    Examples
    --------
    >>> from lava_opzo.learning.credit import Opzo
    >>> from lava_opzo.learning.learning import Learning
    >>> learning = Learning(windows=1, credit=Opzo(baseline="label"))
    >>> readout = OpzoBaselineReadout(baseline=np.zeros((10, 2), int), shape=(10,), error_shift=5, y_shift=9, d_shift=11,
    ...                               learning=learning)
    >>> readout.baseline.get().shape
    (10, 2)

    This makes 10 output neurons with two means each, which have seen nothing yet.
    """

    def __init__(self, *, baseline: np.ndarray, **others: Any) -> None:
        super().__init__(**others)
        self.baseline = Var(shape=baseline.shape, init=baseline)
