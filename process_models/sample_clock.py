"""What our process models share: the step within a sample, the population's program and the recording of states."""
from typing import Any, Protocol

import numpy as np
from lava.magma.core.model.py.model import PyLoihiProcessModel
from lava.magma.core.model.py.type import LavaPyType

from lava_opzo.arithmetic.fixed.traces import trace
from lava_opzo.learning.step import Step


class Recorder(Protocol):
    """What a model hands itself to after every step, such as `lava_opzo.engines.lava.trace.Trace`."""

    def store(self, model: Any) -> None:
        """Keep what is of interest."""
        ...


class SampleClock(PyLoihiProcessModel):
    """Runs `run_step(step)` with the population's `Step` of this time step, and begins again at the end of a sample.

    proc_params: `learning`, a `lava_opzo.learning.learning.Learning`; `depth`, the hidden populations of the network;
    `population`, which of its programs this one runs; `trace`, a `Recorder` or None. The Var `learn` says whether a sample is a
    training sample or an evaluated one, and may be set between samples.
    """

    tau: np.ndarray = LavaPyType(np.ndarray, int)
    learn: np.ndarray = LavaPyType(np.ndarray, int)

    def __init__(self, proc_params: Any) -> None:
        super().__init__(proc_params)
        self.learning = proc_params["learning"]
        schedules = [self.learning.schedule(proc_params["depth"], learn) for learn in (False, True)]
        self._programs = [schedule.program(proc_params["population"]) for schedule in schedules]
        self._trace: Recorder | None = proc_params["trace"]

    def counted(self, count: np.ndarray, spikes: np.ndarray, step: Step) -> np.ndarray:
        """The count with the spikes or payloads of this step; where weights learn in every step, a trace that decays first."""
        return trace(count, spikes, self.learning.eligibility.decay) if step.alone else count + spikes

    def run_spk(self) -> None:
        """Lava calls this in every time step."""
        step = self._programs[self.learn[0]][self.tau[0]]
        self.run_step(step)
        if self._trace is not None:
            self._trace.store(self)
        self.tau[0] = 0 if step.last else self.tau[0] + 1

    def run_step(self, step: Step) -> None:
        """What the population does in one time step."""
        raise NotImplementedError
