"""What is to compute a network and where, as one value that every command understands: engine, mode, place and plug-ins."""
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lava_opzo.engines import registry
from lava_opzo.engines.announce import lava_loihi_installed
from lava_opzo.engines.engine import Engine
from lava_opzo.engines.lava.plugins import load_plugins, run_config
from lava_opzo.engines.reader import Reader
from lava_opzo.errors import NoBoardError, UserError, shown
from lava_opzo.network.network import Network
from lava_opzo.network.state import State

IN_THE_LOOP = "in-the-loop"
"""The mode whose engine has the same name, so that either names it; the other mode runs any engine."""

MODES = ("on-chip", IN_THE_LOOP)
"""on-chip: plastic W and M and their neurons on the board. in-the-loop: forward connections only, learning on the host."""

PLACES = ("simulator", "loihi2")

DEFAULT = "fast"
"""The engine whose process models plug-ins and boards replace."""


def check_mode(mode: str) -> None:
    """Raise UserError for an unknown mode."""
    if mode not in MODES:
        raise UserError(f"mode '{mode}' is not one of {', '.join(MODES)}; choose one of them")


@dataclass(frozen=True)
class Target:
    """Who computes a network, where, and with which process models.

    engine: a name or everyday name of the registry. mode: one of MODES; an engine of that name sets it. place: one of PLACES.
    plugins: Process name -> dotted name of the model that takes its place (`lava_opzo.engines.lava.plugins`).

    Raises UserError for what is unknown or contradicts itself, NoBoardError for loihi2 where there is no lava-loihi.
    """

    engine: str = DEFAULT
    mode: str = "on-chip"
    place: str = "simulator"
    plugins: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.place not in PLACES:
            raise UserError(f"target '{self.place}' is not one of {', '.join(PLACES)}; choose one of them")
        object.__setattr__(self, "engine", registry.known(self.engine))
        if self.engine in MODES:
            object.__setattr__(self, "mode", self.engine)
        check_mode(self.mode)
        if self.plugins and self.mode == IN_THE_LOOP:
            raise UserError(f"mode {IN_THE_LOOP} leaves plug-ins without effect, as it runs stock LIF and Dense; "
                            "leave one of them out")
        if self.foreign and self.engine_name not in (IN_THE_LOOP, DEFAULT):
            raise UserError(f"engine '{self.engine}' has process models of its own, which a board or plug-ins replace; "
                            "leave --engine out")
        if self.on_board and not lava_loihi_installed():
            raise NoBoardError("target loihi2: lava-loihi is not installed, so no board can be reached; install it from INRC "
                               'and check with: python -c "from lava.utils import loihi; print(loihi.is_installed())"')

    @property
    def on_board(self) -> bool:
        """Whether a chip computes."""
        return self.place == "loihi2"

    @property
    def engine_name(self) -> str:
        """The engine of this mode."""
        return IN_THE_LOOP if self.mode == IN_THE_LOOP else self.engine

    @property
    def foreign(self) -> bool:
        """Whether models of others compute, whose inner steps nobody records: plug-ins or a board."""
        return self.on_board or bool(self.plugins)

    @property
    def name(self) -> str:
        """One word for tables."""
        return self.place if self.on_board else "plug-ins" if self.plugins else self.engine_name

    @property
    def options(self) -> str:
        """What a command line says to name this target; empty for an engine of the registry on chip."""
        words = [f"--plugin {process}={model}" for process, model in self.plugins.items()]
        words += [f"--mode {self.mode}"] if self.mode == IN_THE_LOOP else []
        return " ".join(words + ([f"--target {self.place}"] if self.on_board else []))

    def line(self, number: str = "fixed") -> str:
        """The first line of a job."""
        if self.on_board:
            return f"board: Loihi 2 through lava-loihi, mode {self.mode}"
        with_plugins = f", plug-ins {', '.join(self.plugins.values())}" if self.plugins else ""
        return registry.first_line(self.engine_name, number) + with_plugins

    def check(self, network: Network, number: str = "fixed") -> None:
        """Raise UserError for a network or a number system that this target cannot learn."""
        if self.foreign and number != "fixed":
            raise UserError(f"number '{number}': boards and plug-ins take --number fixed only")
        baseline = network.learning.credit.baseline
        if self.foreign and self.mode != IN_THE_LOOP and baseline != "none":
            raise UserError(f"baseline '{baseline}': boards and plug-ins have no Var for its means; choose --mode in-the-loop, "
                            "leave --plugin and --target loihi2 out, or use a network with baseline = \"none\"")
        if self.foreign and network.auxiliary:
            raise UserError(f"population '{network.auxiliary[0].name}': boards and plug-ins have no auxiliary readouts yet; "
                            "leave --plugin and --target loihi2 out, or use a network without them")
        registry.check(self.engine_name, number, network)

    def make(self, network: Network, state: State, n_frames: int, number: str = "fixed") -> Engine:
        """The engine, started from a copy of `state`; n_frames: rows of a sample. Raises UserError as `check`."""
        return registry.make(self.engine_name, network, state, number, n_frames, **self._given)

    def reader(self, network: Network, state: State, rows: int) -> Reader:
        """The same as one that is read between samples, and between time steps where that can be."""
        return registry.reader(self.engine_name, network, state, rows, **self._given)

    @property
    def _given(self) -> dict[str, Any]:
        """What the engine is told beside the network."""
        if self.mode == IN_THE_LOOP:
            return {"exchange": "variables", "board": True} if self.on_board else {}
        if not self.foreign:
            return {}
        return {"configuration": run_config(load_plugins(self.plugins, self.on_board), self.on_board)}


def plugins_of(words: Iterable[str]) -> dict[str, str]:
    """Process=package.module.Class or Process=package.module:Class, some of them, as Process name -> package.module.Class.

    Raises UserError for another form and for a Process that is named twice.
    """
    found: dict[str, str] = {}
    for word in words:
        process, equals, model = word.partition("=")
        if not equals or not process or model.count(":") > 1:
            raise UserError(f"--plugin '{shown(word)}' is not of the form Process=package.module.Class; write it so")
        if process in found:
            raise UserError(f"--plugin '{shown(word)}': {process} is named twice; leave one of them out")
        found[process] = model.replace(":", ".")
    return found
