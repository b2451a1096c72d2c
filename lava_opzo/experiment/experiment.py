"""One run as one file: which data, which network, how long, in which numbers; everything that decides its bits."""
import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import tomli_w

from lava_opzo.errors import UserError, check_range, shown
from lava_opzo.files import toml
from lava_opzo.network.form import Form, changed as changed_network, form_of
from lava_opzo.network.network import Network
from lava_opzo.network.old_names import is_old, new_document
from lava_opzo.network.widths import check_shifts
from lava_opzo.silicon.profile import Profile

MOST_SEED = (1 << 63) - 1
"""The largest seed."""

MOST_JITTER = 64
"""The most pixels of a move."""

UNSAID = ("jitter", "mirror", "in_order")
"""Fields of a training that a file leaves out where they are 0 or false, as files from before them do."""

MOST_OPTION = (1 << 31) - 1
"""The largest size of an option of a data set."""

MOST_NAME = 100
"""Most characters of the name of a data set or of one of its options."""

TAKEN = {"name": "data.name", "path": "data.path", "seed": "data.seed", "steps": "network.learning.steps"}
"""Words that are no names of options, and what to set instead."""

NUMBER_NAMES = ("fixed", "real")
"""The number systems by name."""


@dataclass(frozen=True)
class Data:
    """Which samples: name of a loader of `lava_opzo.data`, its folder or file, the seed of its split, its options."""

    __pydantic_config__ = toml.STRICT
    name: str = "digits"
    path: str = ""
    seed: int = 0
    options: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_range("data", "seed", self.seed, 0, MOST_SEED, "(63 bits); choose another seed")
        taken = next((name for name in TAKEN if name in self.options), None)
        if taken is not None:
            raise UserError(f"data: option '{taken}' is no option of a data set; set {TAKEN[taken]}")
        for name in (self.name, *self.options):
            if not name or len(name) > MOST_NAME or not name.isprintable():
                raise UserError(f"data: name {shown(repr(name))} is empty, longer than {MOST_NAME} characters or not printable; "
                                "choose another one")
        for name, value in self.options.items():
            check_range("data", f"option {name}", value, -MOST_OPTION, MOST_OPTION, "; choose another number")
        if not _utf8(self.path):
            raise UserError(f"data: path {shown(repr(self.path))} is no UTF-8 text, so that no file can hold it; rename the file")

    @property
    def measured_on(self) -> str:
        """What the samples are that a run is measured on: `validation`, held back from the training part, or `test`."""
        return "validation" if self.options.get("validation") else "test"


@dataclass(frozen=True)
class Training:
    """How long: epochs over the training set; order_seed of the order of samples in each epoch, and of its moves; jitter: pixels
    by which each training image is moved at random, up or down and left or right, each time that it is learned; mirror: whether
    one image in two, drawn anew each time, is mirrored, left for right; in_order: whether the samples keep the order that they
    have in the data set, as the stretches of a stream do.
    """

    __pydantic_config__ = toml.STRICT
    epochs: int = 2
    order_seed: int = 0
    jitter: int = 0
    mirror: bool = False
    in_order: bool = False

    def __post_init__(self) -> None:
        check_range("training", "epochs", self.epochs, 1, 100_000, "; choose another number")
        check_range("training", "order_seed", self.order_seed, 0, MOST_SEED, "(63 bits); choose another seed")
        check_range("training", "jitter", self.jitter, 0, MOST_JITTER, "(pixels); 0 leaves the images where they are")


@dataclass(frozen=True)
class Experiment:
    """Everything that decides the bits of a run. number: `fixed` for the chip's integers, `real` for real numbers."""

    data: Data
    network: Network
    training: Training
    number: str = "fixed"

    def __post_init__(self) -> None:
        if self.number not in NUMBER_NAMES:
            raise UserError(f"experiment: number '{shown(self.number)}' is not one of {', '.join(NUMBER_NAMES)}; "
                            "choose one of them")
        if self.network.learning.carry and not self.training.in_order:
            raise UserError("experiment: carry has neurons go on from one sample to the next, and the training shuffles samples; "
                            "set training.in_order = true, or network.learning.carry = false")
        if self.network.learning.carry and (self.training.jitter or self.training.mirror):
            raise UserError(f"experiment: jitter {self.training.jitter} and mirror {str(self.training.mirror).lower()} change "
                            "every piece of a stream by itself, which carry has neurons go on with; set jitter = 0 and mirror = "
                            "false, or network.learning.carry = false")
        if self.number == "fixed":
            check_shifts(self.network.plastic, self.network.learning)

    def document(self) -> dict[str, Any]:
        """Nested dicts and lists of plain values, as they stand in a file: without what the network does not use."""
        parts = self._parts(form_of(self.network).document())
        parts["training"] = {name: value for name, value in parts["training"].items() if value or name not in UNSAID}
        return parts

    def fields(self) -> dict[str, Any]:
        """The same with every field, so that each can be named and set."""
        return self._parts(form_of(self.network).fields())

    def _parts(self, network: dict[str, Any]) -> dict[str, Any]:
        parts = {"number": self.number, "data": asdict(self.data), "network": network, "training": asdict(self.training)}
        return json.loads(json.dumps(parts))

    @property
    def hash(self) -> str:
        """sha256 of the canonical JSON form."""
        return hash_of(self.document())


@dataclass(frozen=True)
class _File:
    """An experiment as pydantic reads it."""

    __pydantic_config__ = toml.STRICT
    data: Data
    network: Form
    training: Training
    number: Literal["fixed", "real"] = "fixed"


def hash_of(document: dict[str, Any]) -> str:
    """sha256 of the canonical JSON form of an experiment's document."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, default=str).encode()).hexdigest()


def from_document(document: dict[str, Any], source: str = "config") -> Experiment:
    """An experiment from nested dicts, of today's form or an old one.

    Raises UserError with one line per fault, each naming `source`.
    """
    if is_old(document):
        document = new_document(document)
    file = toml.checked(_File, document, source)
    return Experiment(file.data, file.network.network(), file.training, file.number)


def dumps(experiment: Experiment) -> str:
    """The experiment as TOML."""
    return tomli_w.dumps(experiment.document())


def loads(text: str, source: str = "config") -> Experiment:
    """An experiment from TOML. Raises UserError with one line per fault; `source` names the file in it."""
    return from_document(toml.document(text, source), source)


def load(path: str | Path) -> Experiment:
    """An experiment from a TOML file. Raises UserError when it cannot be read or has a fault."""
    return loads(toml.read(path), str(path))


def schema() -> dict[str, Any]:
    """The JSON schema of an experiment's file, for an editor."""
    return {**toml.schema(_File), "title": "lava-opzo experiment"}


def with_validation(data: Data, n: int | None) -> Data:
    """The same data with its last n training samples in the place of the test samples; None keeps them as they are."""
    return data if n is None else replace(data, options={**data.options, "validation": n})


def changed(experiment: Experiment, epochs: int | None = None, seed: int | None = None, path: str | Path | None = None,
            validation: int | None = None, number: str | None = None, gate: str | None = None,
            profile: Profile | None = None, jitter: int | None = None, mirror: bool | None = None) -> Experiment:
    """The experiment with what a command line gave in the place of its own values; None keeps them."""
    data, training, network = experiment.data, experiment.training, experiment.network
    if path is not None:
        data = replace(data, path=str(path))
    if epochs is not None:
        training = replace(training, epochs=epochs)
    if jitter is not None:
        training = replace(training, jitter=jitter)
    if mirror is not None:
        training = replace(training, mirror=mirror)
    if seed is not None:
        network = changed_network(network, seed=seed)
    if gate is not None:
        network = changed_network(network, learning=replace(network.learning, gate=gate))
    if profile is not None:
        network = changed_network(network, profile=profile)
    return Experiment(with_validation(data, validation), network, training, number or experiment.number)


def _utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
