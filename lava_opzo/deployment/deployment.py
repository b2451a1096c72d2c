"""What is deployed where."""
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from lava_opzo.board.mapping import MODES, check_mode, refuse_shared
from lava_opzo.deployment import environment
from lava_opzo.engines import registry
from lava_opzo.engines.announce import lava_loihi_installed
from lava_opzo.engines.engine import Engine
from lava_opzo.engines.in_the_loop.engine import InTheLoopEngine
from lava_opzo.engines.lava.engine import LavaEngine
from lava_opzo.engines.lava.plugins import load_plugins, run_config
from lava_opzo.errors import NoBoardError, UserError
from lava_opzo.experiment import samples
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.runs.folder import RunFolder
from lava_opzo.runs.source import open_source
from lava_opzo.silicon import boards
from lava_opzo.silicon.boards import Board

TARGETS = ("auto", "simulator", "loihi2")

IN_THE_LOOP = "in-the-loop"
"""The mode whose engine has the same name, so that either names it; the other mode runs any engine."""


@dataclass
class Deployment:
    """What is deployed where.

    state: the weights to start from. target: one of TARGETS. mode: one of `lava_opzo.board.mapping.MODES`. board: by name.
    plugins: Process name -> dotted name of a neurocore model. out: the run folder to make, None for the next free one. run: the
    run to compare, until the step run makes one. learns: whether a step of it starts an engine; comparing alone goes by what a
    run says of itself.

    Raises UserError for what cannot be deployed as it says, NoBoardError where a board is asked for and not here.
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
    learns: bool = True

    def __post_init__(self) -> None:
        if self.target not in TARGETS:
            raise UserError(f"target '{self.target}' is not one of {', '.join(TARGETS)}; choose one of them")
        if self.engine in MODES:
            self.mode = self.engine
        check_mode(self.mode)
        boards.find(self.board)
        if self.learns:
            refuse_shared(self.experiment.network, self.mode)
            registry.check(self.engine_name, self.experiment.number, self.experiment.network)
        self.environment = environment.read(partition=self.partition)
        environment.check(self.environment)
        if self.target == "auto":
            self.target = "loihi2" if lava_loihi_installed() and self.environment.variables else "simulator"
        self._check_board()
        weights = self.state[self.experiment.network.forward[0].weights]
        if self.experiment.number == "fixed" and not np.issubdtype(weights.dtype, np.integer):
            raise UserError("number 'fixed': RUN holds a network of real numbers; "
                            "leave --number out, or give one trained with it")
        if self.out is not None:
            RunFolder(self.out).refuse_used()
        self.dataset = samples.load_data(self.experiment)

    def _check_board(self) -> None:
        if not self.on_board:
            return
        if not lava_loihi_installed():
            raise NoBoardError("target loihi2: lava-loihi is not installed, so no board can be reached; install it from INRC "
                               'and check with: python -c "from lava.utils import loihi; print(loihi.is_installed())"')
        if self.experiment.number != "fixed":
            raise UserError(f"number '{self.experiment.number}': boards take --number fixed only")

    @property
    def on_board(self) -> bool:
        """Whether a chip computes."""
        return self.target == "loihi2"

    @property
    def chosen_board(self) -> Board:
        """The board by its name. Raises UserError for an unknown one."""
        return boards.find(self.board)

    @property
    def engine_name(self) -> str:
        """The engine of this mode."""
        return IN_THE_LOOP if self.mode == IN_THE_LOOP else self.engine

    @property
    def line(self) -> str:
        """The first line of the job."""
        if self.on_board:
            return f"board: Loihi 2 through lava-loihi, mode {self.mode}, board type {self.board}"
        return registry.first_line(self.engine_name, self.experiment.number)

    def make_engine(self, network: Network, state: State, n_frames: int) -> Engine:
        """The engine of this mode and target, started from a copy of `state`; n_frames: rows of a sample."""
        if self.on_board and self.mode == IN_THE_LOOP:
            return InTheLoopEngine(network, state, exchange="variables", board=True, n_frames=n_frames)
        if self.on_board or (self.plugins and self.mode != IN_THE_LOOP):
            configuration = run_config(load_plugins(self.plugins, self.on_board), self.on_board)
            return LavaEngine(network, state, n_frames=n_frames, configuration=configuration)
        return registry.make(self.engine_name, network, state, self.experiment.number, n_frames)


def opened(source: Path | None) -> tuple[Experiment, State, RunFolder | None]:
    """The experiment and state of RUN: nothing (the digits preset), a config, a checkpoint or a run folder."""
    experiment, state = open_source(source, real=True)
    return experiment, state, RunFolder(source) if source is not None and source.is_dir() else None
