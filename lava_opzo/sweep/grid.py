"""What a sweep runs: a file with an experiment and its [sweep] table, and the members that follow from it."""
import copy
import itertools
import math
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import tomli_w

from lava_opzo.errors import UserError, shown
from lava_opzo.experiment import fields
from lava_opzo.experiment.experiment import Experiment, from_document
from lava_opzo.experiment.presets import PRESETS
from lava_opzo.files import toml
from lava_opzo.files.toml import STRICT
from lava_opzo.network import old_names
from lava_opzo.silicon.readouts import VALUES

MAX_MEMBERS = 10_000
"""Most members of a sweep; more is taken for a slip."""

MAX_NAME = 200
"""Most characters of the dotted name of a field."""


@dataclass(frozen=True)
class Grid:
    """The [sweep] table: seeds of weights and noise, and the values of every field by dotted name."""

    __pydantic_config__ = STRICT
    seeds: tuple[int, ...] = ()
    parameters: dict[str, tuple[Any, ...]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Member:
    """One run: the name of its folder, the number (from 1) and values of its combination of parameters, seed and experiment."""

    name: str
    combination: int
    parameters: dict[str, Any]
    seed: int
    experiment: Experiment


@dataclass(frozen=True, eq=False)
class Sweep:
    """A base experiment, the grid over it, and all members: combinations in the order of the file, in each the seeds."""

    base: Experiment
    grid: Grid
    members: tuple[Member, ...]


def load(path: str | Path) -> Sweep:
    """A sweep from a TOML file; `base` in it is a preset or a file beside it. Raises UserError for whatever cannot run."""
    return loads(toml.read(path), str(path), Path(path).parent)


def loads(text: str, source: str = "sweep", folder: Path = Path()) -> Sweep:
    """A sweep from TOML. source: names the file in messages; folder: where `base` is looked for.

    `number` in [sweep] is that of the experiment.
    """
    document = toml.document(text, source)
    if "sweep" not in document:
        raise UserError(f"{source}: table [sweep] is missing; add it with seeds = [1, 2, 3], or use lava-opzo train")
    table, base = document.pop("sweep"), document.pop("base", None)
    if base is not None:
        document = _merged(_base(base, source, folder), document, source)
    elif old_names.is_old(document):
        document = old_names.new_document(document)
    if isinstance(table, dict):
        _refuse_tables(table.get("parameters"), source)
        for name in ("model", "number"):
            if name in table:
                document["number"] = old_names.number(table.pop(name))
    experiment = from_document(document, source)
    grid = toml.checked(Grid, table, f"{source}: sweep")
    return Sweep(experiment, grid, tuple(members(experiment, grid, source)))


def dumps(sweep: Sweep) -> str:
    """The sweep as TOML that needs no other file."""
    return tomli_w.dumps({**sweep.base.document(), "sweep": asdict(sweep.grid)})


def members(base: Experiment, grid: Grid, source: str = "sweep") -> list[Member]:
    """All members, each checked as a whole experiment. Raises UserError that names the member's values and what is wrong."""
    if base.network.readout.kind == VALUES:
        raise UserError(f"{source}: a readout of values has no accuracy by which members could be compared; train them one by "
                        "one with lava-opzo train --config")
    document = base.fields()
    seeds = grid.seeds or (base.network.seed,)
    _refuse_many(grid, len(seeds), source)
    _refuse_repeated("seeds", seeds, source)
    assigned: dict[fields.Place, str] = {("network", "seed"): "seeds"}
    targets: list[list[fields.Place]] = []
    for name, values in grid.parameters.items():
        _refuse_repeated(f"parameter '{shown(name)}'", values, source)
        targets.append(fields.places(document, name, source))
        for place in targets[-1]:
            if place in assigned:
                raise UserError(f"{source}: parameter '{name}' is set by '{assigned[place]}' too; remove one of the two")
            assigned[place] = name
    combinations = list(itertools.product(*grid.parameters.values()))
    return [_member(document, number, len(combinations), dict(zip(grid.parameters, values, strict=True)), targets, seed, source)
            for number, values in enumerate(combinations, 1) for seed in seeds]


def _member(document: dict[str, Any], number: int, n: int, parameters: dict[str, Any], targets: list[list[fields.Place]],
            seed: int, source: str) -> Member:
    values = copy.deepcopy(document)
    for places, value in zip(targets, parameters.values(), strict=True):
        for place in places:
            fields.assign(values, place, value)
    fields.assign(values, ("network", "seed"), seed)
    named = ", ".join(f"{shown(name)} = {shown(repr(value))}" for name, value in {**parameters, "seed": seed}.items())
    given = f"{source}: member {named}"
    try:
        experiment = from_document(values, given)
    except UserError as error:
        raise error if str(error).startswith(given) else UserError(f"{given}: {error}") from None
    return Member(f"p{number:0{len(str(n))}d}-seed{seed}", number, parameters, seed, experiment)


def _base(base: Any, source: str, folder: Path) -> dict[str, Any]:
    """The document of a base, a preset or a file, in today's form."""
    if isinstance(base, str) and base in PRESETS:
        return PRESETS[base]().document()
    if not isinstance(base, str) or not os.path.isfile(folder / base):
        raise UserError(f"{source}: base {shown(repr(base))} is neither a preset ({', '.join(PRESETS)}) nor a file in "
                        f"{folder or '.'}; correct it")
    return from_document(toml.document(toml.read(folder / base), str(folder / base)), str(folder / base)).document()


def _merged(base: dict[str, Any], own: dict[str, Any], source: str) -> dict[str, Any]:
    """The base with the file's own values in the place of its own. Raises UserError for old names, each with its name now."""
    for name in _names(own):
        fields.refuse_old(base, name, f"{source}: key")
    return _over(base, own)


def _names(document: dict[str, Any], above: str = "") -> list[str]:
    """The dotted names of all values; those of the hidden layers with their numbers from 1."""
    found = []
    for key, value in document.items():
        if isinstance(value, dict):
            found += _names(value, f"{above}{key}.")
        elif isinstance(value, list) and all(isinstance(inner, dict) for inner in value):
            found += [name for number, inner in enumerate(value, 1) for name in _names(inner, f"{above}{key}.{number}.")]
        else:
            found.append(f"{above}{key}")
    return found


def _over(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """One table over another, table by table; one of another `kind` replaces the other as a whole."""
    if own.get("kind", base.get("kind")) != base.get("kind"):
        return own
    both = {key: _over(base[key], own[key]) for key in base.keys() & own.keys()
            if isinstance(base[key], dict) and isinstance(own[key], dict)}
    return {**base, **own, **both}


def _refuse_tables(parameters: Any, source: str) -> None:
    for name, values in parameters.items() if isinstance(parameters, dict) else ():
        if isinstance(values, dict):
            raise UserError(f"{source}: sweep.parameters: '{shown(name)}' is a table; put the whole dotted name in quotes, as in "
                            '"network.readout.error_shift" = [4, 5]')


def _refuse_many(grid: Grid, seeds: int, source: str) -> None:
    """Raise UserError for parameters without a value, and for more members than MAX_MEMBERS, before any of them is made."""
    for name, values in grid.parameters.items():
        if len(name) > MAX_NAME:
            raise UserError(f"{source}: parameter '{shown(name)}' is longer than the name of any field; correct it")
        if not values:
            raise UserError(f"{source}: parameter '{shown(name)}' has no values; give at least one, or remove it")
    combinations = math.prod(map(len, grid.parameters.values()))
    if combinations * seeds > MAX_MEMBERS:
        raise UserError(f"{source}: {combinations} combinations x {seeds} seeds are above {MAX_MEMBERS} members; "
                        "give fewer values")


def _refuse_repeated(owner: str, values: tuple[Any, ...], source: str) -> None:
    """Raise UserError for two values that are equal, as 1 and 1.0 are."""
    seen: set[Any] = set()
    for value in values:
        kept = value if isinstance(value, (int, float, str)) else repr(value)
        if kept in seen:
            raise UserError(f"{source}: {owner}: {shown(repr(value))} is given twice; remove one")
        seen.add(kept)
