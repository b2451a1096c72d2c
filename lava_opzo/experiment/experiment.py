"""One run as one file: which data, which network, how long (TOML, read by pydantic, unknown keys refused)."""
import hashlib
import json
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from lava_opzo.arithmetic.names import check_model
from lava_opzo.engines.in_the_loop.gates import check_gate
from lava_opzo.errors import UserError
from lava_opzo.files.toml import STRICT, checked, document, read
from lava_opzo.network.network import Config


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

    model: one of `lava_opzo.arithmetic.names.MODELS`, integers or real numbers. gate: a key of `lava_opzo.engines.in_the_loop.gates.GATES`; all but psi
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


