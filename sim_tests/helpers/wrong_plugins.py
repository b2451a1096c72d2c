"""Plug-ins with one wrong constant each: our own process models changed in one place, as a board owner might have them."""
from typing import Any

import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol
from lava.proc.dense.process import LearningDense

from lava_opzo.engines.lava.plugins import REHEARSAL
from lava_opzo.silicon.profile import Profile
from process_models.learning_dense.models import PyLearningDenseModelEventDriven
from process_models.opzo_lif.models import FixedOpzoLIF
from process_models.opzo_lif.process import OpzoLIF
from process_models.opzo_readout.models import FixedOpzoReadout
from process_models.opzo_readout.process import OpzoReadout


def plugin(process: type) -> Any:
    """Decorates a class as a model of that Process in integers."""
    def decorated(model: type) -> type:
        return implements(proc=process, protocol=LoihiProtocol)(requires(CPU)(tag("fixed_pt")(model)))

    return decorated


@plugin(OpzoLIF)
class Threshold(FixedOpzoLIF):
    """A threshold too low by one weight unit, so that a membrane just at it spikes."""

    def fire(self, v):
        return self.numbers.membrane.fire(v, self.vth - 1, int(self.floor[0]))


@plugin(OpzoLIF)
class Reset(FixedOpzoLIF):
    """A reset to one instead of zero."""

    def fire(self, v):
        spikes, after = super().fire(v)
        return spikes, after + spikes


@plugin(OpzoLIF)
class NoiseSign(FixedOpzoLIF):
    """Noise of the other sign."""

    def integrate(self, v, a, bias):
        return super().integrate(v, a, -bias)


@plugin(OpzoLIF)
class Gate(FixedOpzoLIF):
    """A gate of half the width."""

    def gate(self, v):
        return self.numbers.membrane.near_threshold(v, self.vth, self.psi_width >> 1)


@plugin(OpzoLIF)
class Count(FixedOpzoLIF):
    """Counts that begin at one."""

    def _begin_sample(self, step):
        super()._begin_sample(step)
        self.count += 1


@plugin(OpzoLIF)
class Shift(FixedOpzoLIF):
    """A learning rate of half the size."""

    def shift(self):
        return super().shift() + 1


@plugin(OpzoLIF)
class Residual(FixedOpzoLIF):
    """What the quantiser leaves is dropped."""

    def _assign_credit(self):
        super()._assign_credit()
        self.y_residual[:] = 0


@plugin(OpzoLIF)
class Split(FixedOpzoLIF):
    """y1 and y2 in each other's place while W learns."""

    def _set_traces(self, step):
        self.y[:] = -self.y if step.rank else self.y
        super()._set_traces(step)
        self.y[:] = -self.y if step.rank else self.y


@plugin(OpzoLIF)
class Taps(FixedOpzoLIF):
    """One tap of the noise generator at another place."""

    def _begin_sample(self, step):
        before = self.z_state & 1
        super()._begin_sample(step)
        if step.sign:
            self.z_state ^= 0x040000 * before


@plugin(OpzoLIF)
class Rounding(FixedOpzoLIF):
    """Counts rounded down for the connection above."""

    def eligibility(self):
        return np.minimum(self.count >> self.x_shift, self.learning.eligibility.x_max)


@plugin(OpzoLIF)
class NoNewStart(FixedOpzoLIF):
    """psi that goes on from the sample before."""

    def _begin_sample(self, step):
        psi = self.psi.copy()
        super()._begin_sample(step)
        self.psi[:] = psi


@plugin(OpzoReadout)
class Ramp(FixedOpzoReadout):
    """A ramp that ends at 15 instead of 127."""

    def _assign_credit(self, label):
        super()._assign_credit(label)
        self.error[:] = np.minimum(self.error, 15)


@plugin(OpzoReadout)
class ErrorSign(FixedOpzoReadout):
    """An error of the other sign."""

    def _assign_credit(self, label):
        super()._assign_credit(label)
        self.error[:] = -self.error


@plugin(OpzoReadout)
class DShift(FixedOpzoReadout):
    """A difference of the windows rounded by one bit more."""

    def _assign_credit(self, label):
        self.d_shift += 1
        super()._assign_credit(label)
        self.d_shift -= 1


@plugin(OpzoReadout)
class Answer(FixedOpzoReadout):
    """The last of equal classes instead of the first: here always the class after the right one."""

    def predict(self, o):
        return (super().predict(o) + 1) % o.size


@plugin(LearningDense)
class Rail(PyLearningDenseModelEventDriven):
    """A rail at 254 instead of 255."""

    def __init__(self, proc_params):
        super().__init__(proc_params)
        self._profile = Profile("wrong", -256, 254)


@plugin(LearningDense)
class Steps(PyLearningDenseModelEventDriven):
    """Steps of 4 units instead of 2."""

    def run_lrn(self):
        if not self._row_decays:
            self.y1, self.y2 = 2 * self.y1, 2 * self.y2
        super().run_lrn()


@plugin(LearningDense)
class NoDecay(PyLearningDenseModelEventDriven):
    """M that does not decay."""

    def run_lrn(self):
        if not self._row_decays:
            super().run_lrn()


def with_wrong(model: type) -> dict[str, str]:
    """The plug-ins of a rehearsal, one of them wrong."""
    return {**REHEARSAL, model.implements_process.__name__: f"{__name__}.{model.__name__}"}
