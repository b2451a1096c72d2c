"""What is deployed where."""
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from lava_opzo.board.mapping import refuse_shared
from lava_opzo.deployment import environment
from lava_opzo.engines.announce import lava_loihi_installed
from lava_opzo.engines.engine import Engine
from lava_opzo.engines.target import PLACES, Target
from lava_opzo.errors import UserError
from lava_opzo.experiment import samples
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.runs.folder import RunFolder
from lava_opzo.runs.source import open_source
from lava_opzo.silicon import boards
from lava_opzo.silicon.boards import Board

AUTO = "auto"
"""The place that is a board where one is set up, else the simulator."""


def placed(word: str, partition: str | None = None) -> str:
    """The place of a target from auto or its name. Raises UserError for an unknown one."""
    if word != AUTO:
        if word not in PLACES:
            raise UserError(f"target '{word}' is not one of {', '.join((AUTO, *PLACES))}; choose one of them")
        return word
    on_board = lava_loihi_installed() and environment.read(partition=partition).variables
    return "loihi2" if on_board else "simulator"


@dataclass
class Deployment:
    """What is deployed where.

    state: the weights to start from. target: who computes it; what is verified is what runs. board: by name. out: the run folder
    to make, None for the next free one. run: the run to compare, until the step run makes one. learns: whether a step of it
    starts an engine; comparing alone goes by what a run says of itself.

    Raises UserError for what cannot be deployed as it says.
    """

    experiment: Experiment
    state: State
    target: Target = field(default_factory=Target)
    board: str = "oheo-gulch"
    partition: str | None = None
    out: Path | None = None
    run: RunFolder | None = None
    learns: bool = True

    def __post_init__(self) -> None:
        self._announced = False
        boards.find(self.board)
        if self.learns:
            refuse_shared(self.experiment.network, self.target.mode)
            self.target.check(self.experiment.network, self.experiment.number)
        self.environment = environment.read(partition=self.partition)
        environment.check(self.environment)
        weights = self.state[self.experiment.network.forward[0].weights]
        if self.experiment.number == "fixed" and not np.issubdtype(weights.dtype, np.integer):
            raise UserError("number 'fixed': RUN holds a network of real numbers; "
                            "leave --number out, or give one trained with it")
        if self.out is not None:
            RunFolder(self.out).refuse_used()
        self.dataset = samples.load_data(self.experiment)

    @property
    def chosen_board(self) -> Board:
        """The board by its name. Raises UserError for an unknown one."""
        return boards.find(self.board)

    @property
    def line(self) -> str:
        """The first line of the job."""
        line = self.target.line(self.experiment.number)
        return f"{line}, board type {self.board}" if self.target.on_board else line

    def announce_compiling(self, step: str) -> None:
        """Print once that the twin may have to be compiled, before the first step that needs it."""
        if not self._announced:
            print(f"{step}: compiling the twin where this machine has not done so yet (once, about half a minute)", flush=True)
        self._announced = True

    def make_engine(self, network: Network, state: State, n_frames: int) -> Engine:
        """The target's engine, started from a copy of `state`; n_frames: rows of a sample."""
        return self.target.make(network, state, n_frames, self.experiment.number)


def opened(source: Path | None) -> tuple[Experiment, State, RunFolder | None]:
    """The experiment and state of RUN: nothing (the digits preset), a config, a checkpoint or a run folder."""
    experiment, state = open_source(source, real=True)
    return experiment, state, RunFolder(source) if source is not None and source.is_dir() else None
