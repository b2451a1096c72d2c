"""Everything that decides a run of the paper's algorithm, as one checked dataclass."""
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from lava_opzo.errors import UserError, check_range, shown
from lava_opzo.experiment.experiment import Data
from lava_opzo.files import toml
from lava_opzo.silicon.profile import PAYLOAD_MAX

Kind = Literal["opzo", "bp", "dfa", "dkp", "zo"]
"""opzo: M learned from the noise. bp: spatial backpropagation. dfa: M random and fixed. dkp: M learned as the readout's weights
are (direct Kolen-Pollack). zo: noise times loss, no M at all."""

NOISY = ("opzo", "zo")
"""The kinds of credit that inject noise."""

WITH_FEEDBACK = ("opzo", "dfa", "dkp")
"""The kinds of credit whose third factor arrives through a matrix M."""

MOST_SEED = (1 << 32) - 1


@dataclass(frozen=True)
class Noise:
    """What is added to a layer while it learns.

    kind: gaussian, sphere (a direction at random for the whole layer) or signs; all have variance 1 a neuron. alpha: its size, in
    spikes where it is added after the neuron, in thresholds before. redraw: in every step or once a sample. opposite: z in one
    step, -z in the next (the paper's option): membranes above then still hold a part of +z, so that M of lower layers is smaller.
    """

    __pydantic_config__ = toml.STRICT
    kind: Literal["gaussian", "sphere", "signs"] = "gaussian"
    alpha: float = 0.2
    place: Literal["after", "before"] = "after"
    redraw: Literal["step", "sample"] = "step"
    opposite: bool = True

    def __post_init__(self) -> None:
        check_range("noise", "alpha", self.alpha, 1e-6, 1e3, "; choose another size")


@dataclass(frozen=True)
class Feedback:
    """How M learns: M = momentum*M + (1 - momentum) * z o / alpha.

    points: 1 takes the output of the noisy pass, 2 its difference from a pass without noise. over_alpha: whether 1/alpha is kept.
    start: M begins at zero or at random. frozen_after: samples after which M stays as it is; 0: never. first: M learns before it
    sends the error of a step (the paper's order), not after.
    """

    __pydantic_config__ = toml.STRICT
    momentum: float = 0.9995
    points: Literal[1, 2] = 1
    over_alpha: bool = True
    start: Literal["zero", "random"] = "zero"
    frozen_after: int = 0
    first: bool = True

    def __post_init__(self) -> None:
        check_range("feedback", "momentum", self.momentum, 0.0, 1.0, "; choose another share")
        check_range("feedback", "frozen_after", self.frozen_after, 0, 10**12, "samples; 0 means never")


@dataclass(frozen=True)
class Setup:
    """One run. The defaults are those of the paper's all-to-all networks.

    shape: rows, columns, channels, where the data set does not say it. unit: the payload that an input of 1 stands for: the
    largest one, about a standard deviation of photographs, or that of a single event. limit: training samples used, 0 for all.
    augment: images are shifted, mirrored and partly covered while they are learned.
    hidden: the layers (`lava_opzo.paper.layers`). leak: the share of membranes and traces that a step keeps. surrogate: sigmoid
    (slope 4) or window (`width` thresholds to either side) stands for the derivative of a spike. gate: whether the credit of a
    layer is multiplied by it. standardise: weights have mean 0 and variance 1/fan-in, times a learned gain. scale: spikes are
    multiplied by it on their way to the next layer.
    local: every hidden layer has a readout that teaches it through its own weights. relay: the number of a hidden layer whose
    local readout also teaches the layers below it, through matrices M of its own; 0: none.
    squares: the share of squared error in the loss, the rest is cross entropy. updates: once a step, or once a window of all
    steps. hidden_rate: the share of the rate that hidden layers take; readouts take all of it. inertia: momentum of sgd. decay:
    of weights. precision: mixed multiplies by weights in bfloat16, the rest is in single precision. compiled: torch.compile makes
    few kernels of what a step does, which takes a minute at the start.
    """

    __pydantic_config__ = toml.STRICT
    data: Data = field(default_factory=Data)
    shape: tuple[int, ...] = ()
    unit: int = PAYLOAD_MAX
    limit: int = 0
    augment: bool = False
    hidden: str = "800,800"
    steps: int = 6
    leak: float = 0.5
    surrogate: Literal["sigmoid", "window"] = "sigmoid"
    width: float = 0.5
    gate: bool = True
    standardise: bool = False
    scale: float = 1.0
    bias: bool = False
    credit: Kind = "opzo"
    noise: Noise = field(default_factory=Noise)
    feedback: Feedback = field(default_factory=Feedback)
    local: bool = False
    relay: int = 0
    squares: float = 0.0
    epochs: int = 3
    batch: int = 128
    optimiser: Literal["sgd", "adam"] = "sgd"
    rate: float = 0.1
    hidden_rate: float = 1.0
    inertia: float = 0.9
    decay: float = 0.0
    updates: Literal["step", "window"] = "window"
    precision: Literal["single", "double", "mixed"] = "single"
    compiled: bool = False
    seed: int = 1

    def __post_init__(self) -> None:
        for name, low, high in (("unit", 1, PAYLOAD_MAX), ("limit", 0, 10**9), ("steps", 1, 10**4), ("leak", 0.0, 1.0),
                                ("width", 1e-6, 1e6), ("scale", 1e-6, 1e6), ("relay", 0, 1000), ("squares", 0.0, 1.0),
                                ("epochs", 1, 10**6), ("batch", 1, 10**6), ("rate", 0.0, 1e6),
                                ("hidden_rate", 0.0, 1e6), ("inertia", 0.0, 1.0),
                                ("decay", 0.0, 1.0), ("seed", 0, MOST_SEED)):
            check_range("paper", name, getattr(self, name), low, high, "; choose another value")
        if self.shape and (len(self.shape) != 3 or min(self.shape) < 1):
            raise UserError(f"paper: shape {self.shape} is not rows, columns, channels; give three whole numbers above 0")
        if self.relay and not self.local:
            raise UserError(f"paper: relay {self.relay} is a local readout that teaches further; set local=true, or relay=0")
        if self.relay == 1:
            raise UserError("paper: relay 1 teaches the layers below layer 1, and there are none; choose 2 or more, or relay=0")
        if self.relay and self.credit not in WITH_FEEDBACK:
            raise UserError(f"paper: relay {self.relay} teaches through M, which credit '{self.credit}' has not; choose one of "
                            f"{', '.join(WITH_FEEDBACK)}, or relay=0")
        if self.credit == "bp" and not self.gate:
            raise UserError("paper: credit 'bp' goes through the derivative of every spike; set gate=true")

    @property
    def noisy(self) -> bool:
        """Whether noise is injected while learning."""
        return self.credit in NOISY


def written(setup: Setup) -> str:
    """A setup as one line of JSON."""
    return json.dumps(asdict(setup))


def read(document: dict[str, Any], source: str) -> Setup:
    """A setup from nested dicts. Raises UserError with one line a fault, each naming `source`."""
    return toml.checked(Setup, document, source)


def changed(setup: Setup, values: dict[str, Any], settings: Sequence[str] = ()) -> Setup:
    """The setup with some values replaced, each named by its dotted key, as `noise.alpha`.

    settings: the same as `key=value`, the value a number, true, false, a list, or a word. Raises UserError for an unknown key and
    for a value that does not fit.
    """
    document = json.loads(written(setup))
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise UserError(f"paper: --set '{shown(setting)}' has no value; give key=value, as noise.alpha=0.3")
        table, key = _place(document, name)
        table[key] = text if isinstance(table.get(key), str) else _value(text)
    for name, value in values.items():
        table, key = _place(document, name)
        table[key] = value
    try:
        return read(document, "paper")
    except RecursionError:
        raise UserError("paper: the value of a setting is nested too deeply; shape is [rows, columns, channels]") from None


def _place(document: dict[str, Any], name: str) -> tuple[dict[str, Any], str]:
    """The table and the key of a setting. Raises UserError for an unknown one."""
    *tables, key = name.split(".")
    inner: Any = document
    for table in tables:
        inner = inner.get(table) if isinstance(inner, dict) else None
    if not isinstance(inner, dict) or key not in inner and tables != ["data", "options"]:
        raise UserError(f"paper: '{shown(name)}' is no setting; those there are: {', '.join(_names(document))}")
    return inner, key


def _names(document: dict[str, Any]) -> list[str]:
    return [f"{key}.{inner}" if isinstance(value, dict) else key for key, value in document.items()
            for inner in (value if isinstance(value, dict) else [""])]


def _value(text: str) -> Any:
    """The number, truth value or flat list that a text is; the text itself where it is none, and for lists in lists."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return text if isinstance(found, list) and any(isinstance(inner, (list, dict)) for inner in found) else found
