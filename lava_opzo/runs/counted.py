"""What a run keeps beside its state, so that a resumed run goes on counting where the first part stopped."""
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from lava_opzo.engines import largest, touches
from lava_opzo.engines.engine import Seen
from lava_opzo.engines.largest import Largest
from lava_opzo.engines.touches import Touches
from lava_opzo.errors import UserError, shown
from lava_opzo.files import toml
from lava_opzo.files.json_lines import is_number
from lava_opzo.network.network import Network
from lava_opzo.silicon.readouts import LABELS, VALUES

MOST = 1 << 62
"""More than any count of a run."""

SUMS = {LABELS: 3, VALUES: 2}
"""How many sums there are of outputs that are no classes."""

LAYERS = {"first", "spikes", "measured_at", "spikes_measured"}
"""The keys of `LayerMetrics.counted`."""


@dataclass(frozen=True)
class Change:
    """A value of the experiment that was changed while the run was learning: after how many samples, its dotted name, values."""

    __pydantic_config__ = toml.STRICT
    n_trained: int
    key: str
    old: bool | int | float | str
    new: bool | int | float | str


@dataclass(frozen=True)
class Counted:
    """Counts of a whole run up to a sample.

    hits: right predictions of the running epoch. touches: rail touches by connection. largest: the largest sizes. layers: of
    `LayerMetrics.counted`. {} where nothing was learned yet; touches and largest are None where a part of the run did not count.
    changes: what `lava-opzo resume --set` changed, in its order. sums: of the running epoch, where outputs are no classes, what
    their scores follow from (`lava_opzo.runs.scores`). samples: the `fingerprint` of the training samples
    (`lava_opzo.experiment.samples`), empty where a version that kept none began the run.
    """

    __pydantic_config__ = toml.STRICT
    hits: int = 0
    touches: Touches | None = field(default_factory=dict)
    largest: Largest | None = field(default_factory=dict)
    layers: dict[str, Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    sums: tuple[int, ...] = ()
    samples: str = ""

    def document(self) -> dict[str, Any]:
        """Plain values, without sums and samples where there are none."""
        return {name: value for name, value in asdict(self).items() if value or name not in ("sums", "samples")}

    def with_seen(self, seen: Seen) -> "Counted":
        """The same after another part of the run, in which an engine saw this."""
        return replace(self, touches=touches.add(self.touches, seen.rail_touches),
                       largest=largest.merge(self.largest, seen.largest))

    @property
    def moved(self) -> bool:
        """Whether a constant of the network was changed while it learned."""
        return any(change.key.startswith("network.") for change in self.changes)


def check_counted(network: Network, counted: Counted, n_trained: int) -> None:
    """Raise UserError for counts that no run of this network over so many samples can have."""
    if not 0 <= counted.hits <= n_trained:
        raise UserError(f"hits {shown(counted.hits)} are outside 0..{n_trained}, the samples learned")
    if not all(0 <= one <= MOST for one in counted.sums) or len(counted.sums) not in (0, SUMS.get(network.readout.kind, 0)):
        raise UserError(f"sums {shown(counted.sums)} are not those of a readout of kind '{network.readout.kind}'")
    _check_counts("touches", counted.touches or {}, {connection.name for connection in network.connections})
    variables = largest.names(network)
    for layer, values in (counted.largest or {}).items():
        if layer not in variables:
            raise UserError(f"largest: {shown(layer)} is no population above the input")
        _check_counts(f"largest of {layer}", values, set(variables[layer]))
    if counted.layers:
        _check_layers(network, counted.layers, n_trained)
    for change in counted.changes:
        if not 0 <= change.n_trained <= n_trained:
            raise UserError(f"change of {shown(change.key)}: after {shown(change.n_trained)} samples is outside 0..{n_trained}")


def _check_counts(what: str, counts: dict[str, int], names: set[str]) -> None:
    for name, count in counts.items():
        if name not in names or not 0 <= count <= MOST:
            raise UserError(f"{what}: {shown(name)} = {shown(count)} is not known or outside 0..{MOST}")


def _check_layers(network: Network, layers: dict[str, Any], n_trained: int) -> None:
    if layers.keys() != LAYERS:
        raise UserError(f"layers: keys {shown(str(sorted(layers)))} are not {sorted(LAYERS)}")
    for key in ("first", "measured_at"):
        if type(layers[key]) is not int or not 0 <= layers[key] <= n_trained:
            raise UserError(f"layers: {key} {shown(layers[key])} is no whole number in 0..{n_trained}")
    for key in ("spikes", "spikes_measured"):
        rates = layers[key]
        if not isinstance(rates, list) or len(rates) != network.depth or not all(map(_is_count, rates)):
            raise UserError(f"layers: {key} {shown(rates)} are not {network.depth} numbers of at least 0")


def _is_count(value: Any) -> bool:
    return is_number(value) and value >= 0
