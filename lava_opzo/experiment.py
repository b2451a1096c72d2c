"""One run as one file: which data, which network, how long (TOML, read by pydantic, unknown keys refused)."""
import hashlib
import json
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from lava_opzo.board.gates import check_gate
from lava_opzo.config import STRICT, Config
from lava_opzo.engines import check_model
from lava_opzo.errors import UserError


@dataclass(frozen=True)
class Data:
    """Which samples: name of a loader of `lava_opzo.data`, its folder or file, the seed of its split, its options."""

    __pydantic_config__ = STRICT
    name: str = "digits"
    path: str = ""
    seed: int = 0
    options: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Training:
    """How long: epochs over the training set; order_seed of the order of samples in each epoch."""

    __pydantic_config__ = STRICT
    epochs: int = 2
    order_seed: int = 0

    def __post_init__(self):
        if not 1 <= self.epochs <= 100_000:
            raise UserError(f"training: epochs {self.epochs} is outside 1..100000; choose another number")


@dataclass(frozen=True)
class Experiment:
    """Everything that determines the bits of a run.

    model: one of `lava_opzo.engines.MODELS`, integers or real numbers. gate: a key of `lava_opzo.board.gates.GATES`; all but psi
    need the in-the-loop mode.
    """

    __pydantic_config__ = STRICT
    data: Data
    network: Config
    training: Training
    model: str = "fixed_pt"
    gate: str = "psi"

    def __post_init__(self):
        check_model(self.model)
        check_gate(self.gate)

    @property
    def hash(self) -> str:
        """sha256 of the canonical JSON form, in which fields at their defaults are left out, so that older hashes stay valid."""
        values, defaults = asdict(self), {part.name: part.default for part in fields(self)}
        given = {name: value for name, value in values.items() if value != defaults[name]}
        return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()


def dumps(experiment: Experiment) -> str:
    """The experiment as TOML."""
    import tomli_w

    return tomli_w.dumps(asdict(experiment))


def loads(text: str, source: str = "config") -> Experiment:
    """An experiment from TOML. Raises UserError with one line per fault; `source` names the file in it."""
    return checked(Experiment, document(text, source), source)


def load(path: str | Path) -> Experiment:
    """An experiment from a TOML file. Raises UserError when it cannot be read or has a fault."""
    return loads(read(path), str(path))


def read(path: str | Path) -> str:
    """The text of a file of configuration. Raises UserError when it cannot be read."""
    try:
        return Path(path).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"config {path}: cannot be read: {error}") from None


def document(text: str, source: str) -> dict:
    """TOML as nested dicts. Raises UserError that names `source`."""
    import tomli

    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise UserError(f"{source}: not a TOML file: {error}") from None


def checked(kind, values: dict, source: str):
    """Nested dicts as the dataclass `kind`, unknown keys refused. Raises UserError with one line per fault, each naming `source`."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_json(json.dumps(values, default=str))
    except ValidationError as error:
        raise UserError("; ".join(_fault(source, fault) for fault in error.errors())) from None


def with_validation(data: Data, n: int | None) -> Data:
    """The same data with its last n training samples in the place of the test samples; None keeps them as they are."""
    return data if n is None else replace(data, options={**data.options, "validation": n})


def changed(experiment: Experiment, epochs: int | None = None, seed: int | None = None, path=None,
            validation: int | None = None, model: str | None = None, gate: str | None = None) -> Experiment:
    """The experiment with what a command line gave in the place of its own values; None keeps them."""
    given = lambda **values: {name: value for name, value in values.items() if value is not None}  # noqa: E731
    data = replace(experiment.data, **given(path=None if path is None else str(path)))
    return replace(experiment, data=with_validation(data, validation), network=replace(experiment.network, **given(seed=seed)),
                   training=replace(experiment.training, **given(epochs=epochs)), **given(model=model, gate=gate))


def _fault(source: str, fault: dict) -> str:
    place = ".".join(str(part) for part in fault["loc"]) or "file"
    if fault["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return f"{source}: unknown key '{place}'; remove it or correct its spelling"
    if fault["type"] in ("missing", "missing_argument"):
        return f"{source}: key '{place}' is missing; add it"
    return f"{source}: {place} = {fault['input']!r}: {fault['msg']}"
