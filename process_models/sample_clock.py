"""What our process models share: the step within a sample, the layer's program and the recording of states."""
import numpy as np
from lava.magma.core.model.py.model import PyLoihiProcessModel
from lava.magma.core.model.py.type import LavaPyType


class SampleClock(PyLoihiProcessModel):
    """Runs `run_step(step)` with the layer's `Step` of this time step and wraps around at the end of a sample.

    proc_params: `schedules`, a pair of `lava_opzo.learning.schedule.Schedule` for evaluation and for learning; `layer`, the index of
    the program; `trace`, a `lava_opzo.engines.lava.trace.Trace` or None. The Var `learn` picks the schedule and may be set between samples.
    """

    tau: np.ndarray = LavaPyType(np.ndarray, int)
    learn: np.ndarray = LavaPyType(np.ndarray, int)

    def __init__(self, proc_params):
        super().__init__(proc_params)
        self._programs = [schedule.programs[proc_params["layer"]] for schedule in proc_params["schedules"]]
        self._trace = proc_params["trace"]

    def run_spk(self):
        step = self._programs[self.learn[0]][self.tau[0]]
        self.run_step(step)
        if self._trace is not None:
            self._trace.store(self)
        self.tau[0] = 0 if step.last else self.tau[0] + 1

    def run_step(self, step):
        raise NotImplementedError
