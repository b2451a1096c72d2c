"""What a sweep runs: a file with an experiment and its [sweep] table, and the members that follow from it."""
import copy
import itertools
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.files import toml
from lava_opzo.files.toml import STRICT
from lava_opzo.sweep import fields

MAX_MEMBERS = 10_000
"""Most members of a sweep; more is taken for a slip."""


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
    parameters: dict
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

    `model` in [sweep] is that of the experiment.
    """
    document = toml.document(text, source)
    if "sweep" not in document:
        raise UserError(f"{source}: table [sweep] is missing; add it with seeds = [1, 2, 3], or use lava-opzo train")
    table, base = document.pop("sweep"), document.pop("base", None)
    if base is not None:
        document = _merged(_base(base, source, folder), document)
    if isinstance(table, dict) and "model" in table:
        document["model"] = table.pop("model")
    experiment = toml.checked(Experiment, document, source)
    if isinstance(table, dict):
        _refuse_tables(table.get("parameters"), source)
    grid = toml.checked(Grid, table, f"{source}: sweep")
    return Sweep(experiment, grid, tuple(members(experiment, grid, source)))


def dumps(sweep: Sweep) -> str:
    """The sweep as TOML that needs no other file."""
    import tomli_w

    return tomli_w.dumps({**asdict(sweep.base), "sweep": asdict(sweep.grid)})


def members(base: Experiment, grid: Grid, source: str = "sweep") -> list[Member]:
    """All members, each checked as a whole experiment. Raises UserError that names the member's values and what is wrong."""
    document = json.loads(json.dumps(asdict(base)))
    seeds = grid.seeds or (base.network.seed,)
    _refuse_repeated("seeds", seeds, source)
    assigned = {("network", "seed"): "seeds"}
    targets = []
    for name, values in grid.parameters.items():
        if not values:
            raise UserError(f"{source}: parameter '{name}' has no values; give at least one, or remove it")
        _refuse_repeated(f"parameter '{name}'", values, source)
        targets.append(fields.places(document, name, source))
        for place in targets[-1]:
            if place in assigned:
                raise UserError(f"{source}: parameter '{name}' is set by '{assigned[place]}' too; remove one of the two")
            assigned[place] = name
    combinations = list(itertools.product(*grid.parameters.values()))
    if len(combinations) * len(seeds) > MAX_MEMBERS:
        raise UserError(f"{source}: {len(combinations)} combinations x {len(seeds)} seeds are above {MAX_MEMBERS} members; "
                        "give fewer values")
    return [_member(document, number, len(combinations), dict(zip(grid.parameters, values)), targets, seed, source)
            for number, values in enumerate(combinations, 1) for seed in seeds]


def _member(document: dict, number: int, n: int, parameters: dict, targets: list, seed: int, source: str) -> Member:
    values = copy.deepcopy(document)
    for places, value in zip(targets, parameters.values()):
        for place in places:
            fields.assign(values, place, value)
    fields.assign(values, ("network", "seed"), seed)
    given = f"{source}: member {', '.join(f'{name} = {value!r}' for name, value in {**parameters, 'seed': seed}.items())}"
    try:
        experiment = toml.checked(Experiment, values, given)
    except UserError as error:
        raise error if str(error).startswith(given) else UserError(f"{given}: {error}") from None
    return Member(f"p{number:0{len(str(n))}d}-seed{seed}", number, parameters, seed, experiment)


def _base(base, source: str, folder: Path) -> dict:
    from lava_opzo.experiment.presets import PRESETS

    if isinstance(base, str) and base in PRESETS:
        return json.loads(json.dumps(asdict(PRESETS[base]())))
    if not isinstance(base, str) or not (folder / base).is_file():
        raise UserError(f"{source}: base {base!r} is neither a preset ({', '.join(PRESETS)}) nor a file in {folder or '.'}; "
                        "correct it")
    return toml.document(toml.read(folder / base), str(folder / base))


def _merged(base: dict, own: dict) -> dict:
    both = {key: _merged(base[key], own[key]) for key in base.keys() & own.keys()
            if isinstance(base[key], dict) and isinstance(own[key], dict)}
    return {**base, **own, **both}


def _refuse_tables(parameters, source: str) -> None:
    for name, values in parameters.items() if isinstance(parameters, dict) else ():
        if isinstance(values, dict):
            raise UserError(f"{source}: sweep.parameters: '{name}' is a table; put the whole dotted name in quotes, as in "
                            '"network.readout.error_shift" = [4, 5]')


def _refuse_repeated(owner: str, values: tuple, source: str) -> None:
    for i, value in enumerate(values):
        if value in values[:i]:
            raise UserError(f"{source}: {owner}: {value!r} is given twice; remove one")
