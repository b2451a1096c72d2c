"""What is deployed where."""
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from lava_opzo.deployment import environment
from lava_opzo.deployment.steps import STEPS
from lava_opzo.engines import registry
from lava_opzo.engines.announce import lava_loihi_installed, simulator
from lava_opzo.errors import NoBoardError, UserError
from lava_opzo.experiment import samples
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.network.state import State
from lava_opzo.runs.folder import RunFolder

TARGETS = ("auto", "simulator", "loihi2")


@dataclass
class Deployment:
    """What is deployed where. state: the weights to start from. plugins: Process name -> dotted name of a neurocore model.

    out: the run folder to make, None for the next free one. run: the run to compare, until the step run makes one. steps: the names of
    those that are done; compare alone goes by what the run says of itself and refuses no gate.
    """

    experiment: Experiment
    state: State
    target: str = "auto"
    mode: str = "on-chip"
    board: str = "oheo-gulch"
    partition: str | None = None
    engine: str = "lava"
    plugins: dict[str, str] = field(default_factory=dict)
    out: Path | None = None
    run: RunFolder | None = None
    steps: list[str] = field(default_factory=lambda: list(STEPS))

    def __post_init__(self):
        if self.target not in TARGETS:
            raise UserError(f"target '{self.target}' is not one of {', '.join(TARGETS)}; choose one of them")
        model = self.experiment.model
        registry.check(self.engine, model, self.experiment.network.credit)
        if self.mode != "in-the-loop" and self.steps != ["compare"]:
            registry.require_psi(self.experiment.gate)
        self.environment = environment.read(partition=self.partition)
        environment.check(self.environment)
        if self.target == "auto":
            self.target = "loihi2" if lava_loihi_installed() and self.environment.variables else "simulator"
        if self.on_board and not lava_loihi_installed():
            raise NoBoardError("target loihi2: lava-loihi is not installed, so no board can be reached; install it from INRC and check "
                               'with: python -c "from lava.utils import loihi; print(loihi.is_installed())"')
        if model != "fixed_pt" and (self.on_board or self.mode == "in-the-loop"):
            raise UserError(f"model '{model}': boards and the in-the-loop mode take --model fixed_pt only")
        if model == "fixed_pt" and not np.issubdtype(self.state.weights[0].dtype, np.integer):
            raise UserError("model 'fixed_pt': RUN holds a floating-point network; leave --model out, or give one trained with it")
        if self.out is not None:
            RunFolder(self.out).refuse_used()
        self.dataset = samples.load_data(self.experiment)

    @property
    def on_board(self) -> bool:
        return self.target == "loihi2"

    @property
    def line(self) -> str:
        """The first line of the job."""
        if self.on_board:
            return f"board: Loihi 2 through lava-loihi, mode {self.mode}, board type {self.board}"
        if self.mode == "in-the-loop":
            return simulator(self.experiment.model, "in-the-loop")
        return registry.target(self.engine, self.experiment.model)


def opened(source: Path | None) -> tuple[Experiment, State, RunFolder | None]:
    """The experiment and state of RUN: nothing (the digits preset), a config, a checkpoint or a run folder."""
    from lava_opzo.runs.source import open_source

    experiment, state = open_source(source, floating=True)
    return experiment, state, RunFolder(source) if source is not None and source.is_dir() else None


def _factory(deployment: Deployment):
    """make(config, state, n_frames) for the mode and target."""
    if deployment.mode == "in-the-loop":
        from lava_opzo.engines.in_the_loop.engine import InTheLoopEngine

        exchange = "variables" if deployment.on_board else "references"
        return lambda config, state, n_frames: InTheLoopEngine(config, state, gate=deployment.experiment.gate, exchange=exchange,
                                                               board=deployment.on_board, n_frames=n_frames)
    if not deployment.on_board and not deployment.plugins:
        return registry.factory(deployment.engine, deployment.experiment.model)
    from lava_opzo.engines.lava.engine import LavaEngine
    from lava_opzo.engines.lava.plugins import load_plugins, run_config

    configuration = run_config(load_plugins(deployment.plugins, deployment.on_board), deployment.on_board)
    return lambda config, state, n_frames: LavaEngine(config, state, n_frames=n_frames, capacity=registry.LAVA_CHUNK,
                                                      configuration=configuration)
