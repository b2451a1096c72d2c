"""OpzoBaselineReadout in integers and in real numbers: the program of OpzoReadout, with a mean off each sum."""
import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.model.py.type import LavaPyType
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

from lava_opzo.arithmetic.factors import ReadoutCredit, mean_of
from process_models.opzo_baseline_readout.process import OpzoBaselineReadout
from process_models.opzo_readout.models import AbstractOpzoReadoutModel, FixedOpzoReadout, RealOpzoReadout


class Baseline(AbstractOpzoReadoutModel):
    """The means of a sample's label go into its credit, and what comes out is kept. A subclass gives their type."""

    baseline: np.ndarray

    def _assign_credit(self, label: np.ndarray, mean: np.ndarray | None = None) -> ReadoutCredit:
        place = mean_of(self.learning.credit.baseline, label)
        credit = super()._assign_credit(label, self.baseline[place])
        self.baseline[place] = credit.mean
        return credit


@implements(proc=OpzoBaselineReadout, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class PyOpzoBaselineReadoutModelFixed(Baseline, FixedOpzoReadout):
    """What Lava finds for the tag fixed_pt."""

    baseline: np.ndarray = LavaPyType(np.ndarray, np.int32, precision=24)


@implements(proc=OpzoBaselineReadout, protocol=LoihiProtocol)
@requires(CPU)
@tag("floating_pt")
class PyOpzoBaselineReadoutModelFloat(Baseline, RealOpzoReadout):
    """What Lava finds for the tag floating_pt."""

    baseline: np.ndarray = LavaPyType(np.ndarray, float)
