"""Where the acceptance checks run: two experiments, one neuron layer and one learning synapse, on the simulator or on a board.

For a board, someone with INRC's tools writes a class with the two methods of `Bench` (spikes and payloads go in through
adapters, y1 and y2 are written by a neuron program) and names it on the command line: `--bench package.module:Class`.
"""
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from lava.magma.core.learning.constants import GradedSpikeCfg
from lava.magma.core.learning.learning_rule import Loihi3FLearningRule
from lava.magma.core.process.process import AbstractProcess
from lava.magma.core.run_configs import Loihi2SimCfg
from lava.proc.dense.process import Dense, LearningDense
from lava.proc.io.source import RingBuffer
from lava.proc.lif.process import LIF
from lava.utils.weightutils import SignMode

from lava_opzo.engines.lava import watchdog
from lava_opzo.errors import SimulationError
from lava_opzo.learning.rules import NO_DECAY

TIMEOUT = 60.0
"""Seconds that an experiment in the simulator may take."""


@dataclass(frozen=True)
class LifExperiment:
    """n uncoupled stock LIF neurons, neuron i with fan_in synapses of weights[i], all of which receive spikes[:, i].

    Shapes:
        spikes: 0/1 (steps, n).
    """

    du: int
    dv: int
    vth: int
    bias_mant: tuple[int, ...]
    bias_exp: int
    weights: tuple[int, ...]
    spikes: np.ndarray
    fan_in: int = 1


@dataclass(frozen=True)
class SynapseExperiment:
    """One mixed-sign learning synapse with t_epoch = 1, in each step a pre-synaptic payload (0: none) and the post traces y1, y2.

    graded: payloads go into x1 (OVERWRITE) instead of plain spikes, which add x1_impulse. seed: of what the target rounds with.
    """

    dw: str
    weight: int
    payloads: tuple[int, ...]
    y1: tuple[int, ...]
    y2: tuple[int, ...] = ()
    x1_impulse: int = 0
    x1_tau: int = NO_DECAY
    graded: bool = False
    seed: int = 1


class NotComputed(Exception):
    """A bench's model does not compute this experiment, as a plug-in that knows the rules of this project alone."""


class Bench(Protocol):
    """Where the experiments run. name: as the command prints it. Either method may raise NotComputed."""

    name: str

    def lif(self, experiment: LifExperiment) -> tuple[np.ndarray, np.ndarray]:
        """(u, v), each (steps, n), read after every step."""
        ...

    def synapse(self, experiment: SynapseExperiment) -> tuple[int, int]:
        """(weight, x1) after the last step."""
        ...


class SimulatorBench:
    """Stock Lava processes in `Loihi2SimCfg(select_tag="fixed_pt")`, under the watchdog.

    plugins: Process -> the model that takes the place of stock Lava's, as of `lava_opzo.engines.lava.plugins.load_plugins`.
    """

    def __init__(self, plugins: dict[type, type] | None = None) -> None:
        self._plugins = plugins or {}
        models = f"with plug-ins {', '.join(model.__name__ for model in self._plugins.values())}" if plugins else "stock Lava"
        self.name = f"simulator: {models}, Loihi2SimCfg, fixed_pt"

    def lif(self, experiment: LifExperiment) -> tuple[np.ndarray, np.ndarray]:
        """As `Bench.lif`."""
        steps, n = experiment.spikes.shape
        source = RingBuffer(data=np.repeat(experiment.spikes.T.astype(int), experiment.fan_in, axis=0))
        dense = Dense(weights=np.repeat(np.diag(experiment.weights), experiment.fan_in, axis=1))
        neurons = LIF(shape=(n,), du=experiment.du, dv=experiment.dv, vth=experiment.vth, bias_exp=experiment.bias_exp,
                      bias_mant=np.array(experiment.bias_mant))
        source.s_out.connect(dense.s_in)
        dense.a_out.connect(neurons.a_in)
        rows = self._run(source, [1] * steps, lambda: (neurons.u.get(), neurons.v.get()))
        return np.array([u for u, _ in rows], np.int64), np.array([v for _, v in rows], np.int64)

    def synapse(self, experiment: SynapseExperiment) -> tuple[int, int]:
        """As `Bench.synapse`."""
        steps = len(experiment.payloads)
        rule = Loihi3FLearningRule(dw=experiment.dw, x1_impulse=experiment.x1_impulse, x1_tau=experiment.x1_tau, x2_tau=NO_DECAY,
                                   t_epoch=1, rng_seed=experiment.seed)
        rule.y1_tau = rule.y2_tau = rule.y3_tau = NO_DECAY
        graded = GradedSpikeCfg.OVERWRITE if experiment.graded else GradedSpikeCfg.USE_REGULAR_IMPULSE
        dense = LearningDense(weights=np.array([[experiment.weight]]), learning_rule=rule, sign_mode=SignMode.MIXED,
                              num_message_bits=8 if experiment.graded else 0, graded_spike_cfg=graded)
        ports = (experiment.payloads, dense.s_in), (experiment.y1, dense.s_in_y1), (experiment.y2 or (0,) * steps, dense.s_in_y2)
        for values, port in ports:
            source = RingBuffer(data=np.array([values]))
            source.s_out.connect(port)
        try:
            weight, x1 = self._run(dense, [steps], lambda: (dense.weights.get(), dense.x1.get()))[0]
        except SimulationError as error:
            if self._plugins:
                raise NotComputed(str(error)) from None
            raise
        return int(np.ravel(weight)[0]), int(np.ravel(x1)[0])

    def _run(self, process: AbstractProcess, parts: Sequence[int], read: Callable[[], Any]) -> list[Any]:
        """What `read` returns after each part of so many steps."""
        watchdog.start(process, Loihi2SimCfg(select_tag="fixed_pt", exception_proc_model_map=self._plugins))
        try:
            rows = []
            for steps in parts:
                watchdog.run(process, steps, TIMEOUT)
                rows.append(read())
            return rows
        finally:
            watchdog.stop(process)
