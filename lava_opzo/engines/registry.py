"""The engines by name: what each can run, how to start it, and the line that says so. The only file that knows them all."""
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from lava_opzo.arithmetic.numbers import numbers
from lava_opzo.engines import announce
from lava_opzo.engines.engine import Abilities, Engine, Recorder
from lava_opzo.engines.reader import Reader, StateReader
from lava_opzo.errors import UserError
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.network.widths import check_shifts
from lava_opzo.silicon.profile import PROFILES
from lava_opzo.topology.local import Local

ALIASES = {"lava": "fast"}
"""Everyday name -> name of an engine."""


@dataclass(frozen=True)
class Entry:
    """One engine in one number system.

    line: where it runs. engine, recorder: 'module:Class', None where it only records, or records nothing. options: keyword
    arguments of the engine. frames: whether the engine takes the rows of a sample as `n_frames`. recorded: further arguments of
    the recorder and of the reader. reader: 'module:Class', None where a host sees no more than the state.
    """

    line: Callable[[str, str], str]
    engine: str | None
    recorder: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    frames: bool = False
    recorded: tuple[str, ...] = ()
    reader: str | None = None

    @property
    def abilities(self) -> Abilities:
        """What it can run; loads its module."""
        return _load(self.engine or self.recorder or "").abilities


_LAVA, _TWIN, _LOOP = "lava_opzo.engines.lava", "lava_opzo.engines.twin", "lava_opzo.engines.in_the_loop"

TABLE = {
    ("stock", "fixed"): Entry(announce.simulator, f"{_LAVA}.engine:StockLavaEngine", f"{_LAVA}.recorder:LavaRecorder",
                              {"number": "fixed"}, True, ("stock",), f"{_LAVA}.reader:LavaReader"),
    ("stock", "real"): Entry(announce.simulator, f"{_LAVA}.engine:StockLavaEngine", None, {"number": "real"}, True),
    ("fast", "fixed"): Entry(announce.simulator, f"{_LAVA}.engine:FastLavaEngine", f"{_LAVA}.recorder:LavaRecorder",
                             {"number": "fixed"}, True, ("fast",), f"{_LAVA}.reader:LavaReader"),
    ("fast", "real"): Entry(announce.simulator, f"{_LAVA}.engine:FastLavaEngine", None, {"number": "real"}, True),
    ("twin", "fixed"): Entry(announce.twin, f"{_TWIN}.integers.engine:TwinEngine", f"{_TWIN}.integers.recorder:TwinRecorder"),
    ("twin", "real"): Entry(announce.twin, f"{_TWIN}.reals.engine:RealTwinEngine"),
    ("oracle", "fixed"): Entry(announce.oracle, None, "lava_opzo.engines.oracle.recorder:OracleRecorder"),
    ("in-the-loop", "fixed"): Entry(announce.simulator, f"{_LOOP}.engine:InTheLoopEngine", frames=True,
                                    reader=f"{_LOOP}.reader:LoopReader"),
}
"""(name, number) -> engine. In fixed point all give equal bits, in real numbers equal values up to rounding."""

NAMES = tuple(dict.fromkeys(name for name, _ in TABLE))
"""Every engine by name."""


def names_with(number: str = "fixed", *, learns: bool = False, records: bool = False) -> tuple[str, ...]:
    """The names of the engines with this number system that learn whole runs, or that record every step."""
    return tuple(name for (name, of), entry in TABLE.items()
                 if of == number and (entry.engine or not learns) and (entry.recorder or not records))


def known(name: str) -> str:
    """The name of an engine, from it or from its everyday name. Raises UserError for an unknown one."""
    name = ALIASES.get(name, name)
    if name not in NAMES:
        raise UserError(f"engine '{name}' is not one of {', '.join((*NAMES, *ALIASES))}; choose one of them")
    return name


def parse(text: str, at_least: int = 2, at_most: int = len(names_with(records=True))) -> tuple[str, ...]:
    """`stock,fast` as names of engines that record. Raises UserError for an unknown name, a repeated one, too few or too many."""
    choice = names_with(records=True)
    names = tuple(known(name.strip()) for name in text.split(",") if name.strip())
    for name in names:
        if name not in choice:
            raise UserError(f"engine '{name}' records no steps; choose among {', '.join(choice)}")
    if len(set(names)) != len(names) or not at_least <= len(names) <= at_most:
        raise UserError(f"engines '{text}': {len(names)} names, {at_least}..{at_most} different ones are needed; "
                        f"choose among {', '.join(choice)}")
    return names


def check(name: str, number: str, network: Network) -> None:
    """Raise UserError, one line that lists the engines that have it, for an engine that cannot learn this network."""
    _checked(name, number, network, "engine")


def make(name: str, network: Network, state: State, number: str = "fixed", n_frames: int = 1, **options: Any) -> Engine:
    """An engine that starts from a copy of `state`; n_frames: rows of a sample, 1 or K; options: of that engine alone.

    Raises UserError as `check`.
    """
    entry = _checked(name, number, network, "engine")
    frames = {"n_frames": n_frames} if entry.frames else {}
    return _load(entry.engine or "")(network, state, **entry.options, **frames, **options)


def recorder(name: str, network: Network, state: State, rows: int) -> Recorder:
    """An engine that records, started from a copy of `state`; rows: of a sample. Raises UserError as `check`."""
    entry = _checked(name, "fixed", network, "recorder")
    return _load(entry.recorder or "")(network, state.copy(), rows, *entry.recorded)


def reader(name: str, network: Network, state: State, rows: int, **options: Any) -> Reader:
    """An engine that is read between samples, started from a copy of `state`; rows, options: as for `make`.

    Raises UserError as `check`.
    """
    entry = _checked(name, "fixed", network, "engine")
    if entry.reader is None:
        return StateReader(network, make(name, network, state, "fixed", rows, **options))
    return _load(entry.reader)(network, state.copy(), rows, *entry.recorded, **options)


def first_line(name: str, number: str = "fixed") -> str:
    """The line that a job prints first."""
    return TABLE[known(name), numbers(number).name].line(known(name), number)


def _load(place: str) -> Any:
    module, name = place.split(":")
    return getattr(import_module(module), name)


def _checked(name: str, number: str, network: Network, use: str) -> Entry:
    """The entry; use: `engine` or `recorder`, what it is needed for."""
    name, number = known(name), numbers(number).name
    entry = TABLE.get((name, number))
    lacking = [f"number '{number}'"] if entry is None else _lacking(entry, number, network, use)
    if entry is None or lacking:
        unrolled = _unrolled(entry, network) if entry else ""
        raise UserError(f"engine '{name}' lacks {' and '.join(lacking)}; {_others(number, network, use)}{unrolled}")
    if number == "fixed":
        check_shifts(network.plastic, network.learning)
    return entry


def _lacking(entry: Entry, number: str, network: Network, use: str) -> list[str]:
    """What a network or its use needs and this engine lacks, in words."""
    if getattr(entry, use) is None:
        return ["learning of whole runs" if use == "engine" else "recording of every step"]
    able, learning = entry.abilities, network.learning
    lacking = [f"{what} '{value}'" for what, value, has in (("credit", learning.credit.kind, able.credits),
                                                            ("gate", learning.gate, able.gates),
                                                            ("readout", network.readout.kind, able.readouts)) if value not in has]
    if learning.by_step and number not in able.steps:
        lacking.append(f"updates 'step' with number '{number}'")
    if network.auxiliary and not able.auxiliary:
        lacking.append("auxiliary readouts")
    profile = network.profile
    if able.profiles is not None and (profile.name not in able.profiles or PROFILES.get(profile.name) != profile):
        lacking.append(f"profile '{profile.name}' with rails {profile.weight_min}..{profile.weight_max}")
    lacking += [f"a floor of the membrane in {layer.name}" for layer in network.hidden if layer.v_floor and not able.floors]
    kinds = dict.fromkeys(type(connection.topology) for connection in network.connections)
    return lacking + [f"topology '{kind.__name__}'" for kind in kinds if kind not in able.topologies]


def _unrolled(entry: Entry, network: Network) -> str:
    """What else there is for shared weights in an engine that knows them only when every edge has its own."""
    known = entry.abilities.topologies
    shared = [one.name for one in network.forward if one.topology.shared and type(one.topology) not in known]
    if not shared or Local not in known:
        return ""
    return f"; or give {' and '.join(shared)} the Local form, Conv.unrolled(), in which every edge has its own weight"


def _others(number: str, network: Network, use: str) -> str:
    """Which engines have what is needed: with this number if there are any, else with another."""
    able = [(name, of) for (name, of), entry in TABLE.items() if not _lacking(entry, of, network, use)]
    same = [name for name, of in able if of == number]
    if same:
        return f"choose {' or '.join(same)}"
    if able:
        return f"choose {' or '.join(f'{name} with number {of}' for name, of in able)}"
    return "no engine has all of it; choose another credit, gate or profile"
