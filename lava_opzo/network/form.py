"""A network as it stands in a file: the short form of a chain, in which names, connections and shapes follow from the layers."""
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from lava_opzo.errors import UserError
from lava_opzo.files.toml import STRICT
from lava_opzo.learning.learning import Learning
from lava_opzo.network.connections import Wiring
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Auxiliary, Hidden, Readout
from lava_opzo.silicon.profile import STOCK_LAVA, Profile
from lava_opzo.silicon.readouts import CLASSES
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.local import Local
from lava_opzo.topology.pool import Pool


@dataclass(frozen=True)
class Form:
    """The arguments of `Network.chain`, as a table of a file or to change some of them and build another network.

    sigma, x_shift, wiring: one a layer above the input; no wiring at all where every layer is all-to-all. auxiliary: readouts for
    local learning.
    """

    __pydantic_config__ = STRICT
    n_in: int
    sigma: tuple[float, ...]
    x_shift: tuple[int, ...]
    hidden: tuple[Hidden, ...]
    readout: Readout
    learning: Learning = field(default_factory=Learning)
    profile: Profile = STOCK_LAVA
    seed: int = 1
    spread: bool = False
    wiring: tuple[Wiring, ...] = ()
    stagger: int = 0
    auxiliary: tuple[Auxiliary, ...] = ()
    opposed: int = 0

    def fields(self) -> dict[str, Any]:
        """Nested dicts of plain values, every field of them."""
        return asdict(self)

    def document(self) -> dict[str, Any]:
        """Nested dicts of plain values, without what later versions added and this network does not use: wiring where every layer
        is all-to-all, a stagger of 0, no opposed lines, layers that are not frozen, positions in raster order, what belongs to
        learning in every step or to one window, a readout of classes, and no auxiliary readouts. So a network keeps its hash.
        """
        fields = {**asdict(self), "profile": self.profile.document()}
        learning, readout = fields["learning"], fields["readout"]
        later = [(fields, "wiring"), (fields, "stagger"), (fields, "opposed"), (fields, "auxiliary"), (learning, "label_from"),
                 (learning, "carry"), (learning, "turn_every"), (learning["eligibility"], "decay"), (readout, "dv"),
                 *((layer, "frozen") for layer in (*fields["hidden"], readout, *fields["auxiliary"])),
                 *((layer, "sum_shift") for layer in fields["wiring"] if "sum_shift" in layer)]
        if self.learning.credit.baseline == "none":
            learning["credit"] = {name: value for name, value in learning["credit"].items() if not name.startswith("baseline")}
        if not self.learning.by_step:
            del learning["updates"]
        if self.readout.kind == CLASSES:
            del readout["kind"]
        for table, name in later:
            if not table[name]:
                del table[name]
        return fields

    def network(self) -> Network:
        """The network of this form. Raises UserError when a combination cannot run."""
        return Network.chain(self.n_in, self.hidden, self.readout, self.sigma, self.x_shift, self.learning, self.profile,
                             self.seed, self.spread, self.wiring, self.stagger, self.auxiliary, self.opposed)


def form_of(network: Network) -> Form:
    """The form that builds this network. Raises UserError for a network that no form can say."""
    topologies = [connection.topology for connection in network.forward]
    dense = all(isinstance(topology, Dense) for topology in topologies)
    wiring = () if dense else tuple(topology for topology in topologies if isinstance(topology, (Dense, Local, Conv, Pool)))
    form = Form(network.input.n, tuple(connection.sigma for connection in network.forward),
                tuple(connection.x_shift for connection in network.forward), network.hidden, network.readout, network.learning,
                network.profile, network.seed, network.input.spread, wiring, network.input.stagger, _auxiliary(network),
                network.input.opposed)
    if form.network() != network:
        raise UserError("network: it is not one that Network.chain builds, so that a file cannot hold it; build it with "
                        "Network.chain")
    return form


def _auxiliary(network: Network) -> tuple[Auxiliary, ...]:
    parts = zip(network.read_layers, network.into_auxiliary, network.auxiliary, strict=True)
    return tuple(Auxiliary(layer, connection.sigma, one.error_shift, one.y_shift, one.d_shift, one.frozen)
                 for layer, connection, one in parts)


def changed(network: Network, **fields) -> Network:
    """The network with other values for some fields of its form."""
    return replace(form_of(network), **fields).network()
