"""How many cores and chips a network takes, by the conservative packing of Loihi 1's synapse memory.

A core holds some neurons of one population with all their synapses: the rows of W and, on chip, the rows of M. Its limits are
neurons, synapse bits, input axons (two for a learning connection) and output axons (one per neuron and target core).
Packing of synapses: `lava_opzo.board.packing`, without delays and tags.
"""
from collections.abc import Callable
from dataclasses import dataclass, replace

from lava_opzo.board.packing import Load, load
from lava_opzo.engines.target import check_mode
from lava_opzo.errors import DoesNotFitError, UserError
from lava_opzo.network.form import form_of
from lava_opzo.network.network import Network
from lava_opzo.silicon.boards import Board
from lava_opzo.silicon.limits import LIMITS, Limits
from lava_opzo.topology.edges import Topology
from lava_opzo.topology.pool import Pool


@dataclass(frozen=True)
class Incoming:
    """A connection into a population, from n_pre neurons, learning or static."""

    name: str
    n_pre: int
    learning: bool
    topology: Topology

    def load(self, neurons: int, limits: Limits) -> Load:
        """What it takes in a core of so many neurons; two input axons for one that learns."""
        found = load(self.topology, neurons, limits.weight_bits.number)
        return found._replace(axons=found.axons * (limits.slots_per_learning_axon.number if self.learning else 1))


@dataclass(frozen=True)
class Placement:
    """A population on its cores.

    cores: 0 where not even one neuron fits. neurons, axons_in, axons_out: of the fullest core. bits: synapse bits of each
    connection in it. binding: the limit that decided.
    """

    population: str
    n: int
    connections: tuple[Incoming, ...]
    cores: int
    neurons: int
    bits: tuple[int, ...]
    axons_in: int
    axons_out: int
    binding: str


@dataclass(frozen=True)
class Mapping:
    """All populations on a board; the input lives on the host or on embedded cores and takes no neurocore."""

    board: Board
    mode: str
    placements: tuple[Placement, ...]

    @property
    def cores(self) -> int:
        """Cores of all populations."""
        return sum(placement.cores for placement in self.placements)

    @property
    def chips(self) -> int:
        """Chips that so many cores take."""
        return -(-self.cores // LIMITS.cores_per_chip.number)

    @property
    def fits(self) -> bool:
        """Whether every population has its cores and the board enough chips."""
        return all(placement.cores for placement in self.placements) and self.chips <= self.board.chips


def refuse_shared(network: Network, mode: str) -> None:
    """Raise DoesNotFitError for shared weights that would learn on chip; pooling does not learn."""
    shared = [connection.name for connection in network.connections
              if connection.topology.shared and not isinstance(connection.topology, Pool)]
    if shared and mode == "on-chip":
        raise DoesNotFitError(f"{', '.join(shared)}: the weights are shared (Conv), which no learning synapse of a chip can do; "
                              "learn them in the Local form, Conv.unrolled(), or choose mode in-the-loop")


def incoming(network: Network, mode: str = "on-chip") -> list[tuple[str, int, tuple[Incoming, ...]]]:
    """(population, n, connections into it) for every population above the input.

    Raises UserError for an unknown mode and for auxiliary readouts, DoesNotFitError for shared weights that would learn on chip.
    """
    check_mode(mode)
    if network.auxiliary:
        raise UserError(f"population '{network.auxiliary[0].name}': auxiliary readouts have no place on a board yet; map the "
                        "network without them, or run this one in the simulator")
    refuse_shared(network, mode)
    learning = mode == "on-chip"
    present = network.connections if learning else network.forward
    return [(layer.name, layer.n, tuple(Incoming(connection.name, connection.topology.n_pre, learning and not layer.frozen,
                                                 connection.topology)
                                        for connection in present if connection.target == layer.name))
            for layer in network.plastic]


def mapping_report(network: Network, board: Board, mode: str = "on-chip", limits: Limits = LIMITS) -> Mapping:
    """The cores of every population on `board`. Raises UserError for an unknown mode; whether it fits is in `Mapping.fits`."""
    layers = incoming(network, mode)
    targets = [1] * len(layers)
    while True:  # spreading a population only adds targets for those below it, so this ends
        placements = [_place(*layer, n_targets, limits) for layer, n_targets in zip(layers, targets, strict=True)]
        previous, targets = targets, list(map(max, targets, _target_cores(placements, mode, limits)))
        if targets == previous:
            return Mapping(board, mode, tuple(placements))


def with_hidden(network: Network, depth: int, n: int) -> Network:
    """The network with another number of hidden populations, all of n neurons, all-to-all, with the constants of its last one, or
    of the last one that does not pool where there is one."""
    form, below = form_of(network), zip(network.hidden[::-1], network.forward[-2::-1], strict=True)
    last = next((layer for layer, connection in below if not isinstance(connection.topology, Pool)),
                replace(form.hidden[-1], frozen=False))
    layer = replace(last, n=n, name="")
    return replace(form, hidden=(layer,) * depth, wiring=(), sigma=_stretched(form.sigma, depth),
                   x_shift=_stretched(form.x_shift, depth)).network()


def _stretched(values: tuple, depth: int) -> tuple:
    """One value a connection W for another depth: the first and the last stay, those between are the last but one."""
    return (values[0], *[values[-2]] * (depth - 1), values[-1])


def largest_hidden_width(network: Network, board: Board, mode: str = "on-chip", depth: int | None = None) -> int:
    """The most neurons that every hidden population may have on `board`; 0 where one neuron is too many.

    Input and classes are those of the network, and so is the number of hidden populations where depth is None. What they send to
    takes as many input axons, which bounds the search.
    """
    low, high = 0, LIMITS.axons_in_per_core.number
    while low < high:
        middle = (low + high + 1) // 2
        if mapping_report(with_hidden(network, depth or network.depth, middle), board, mode).fits:
            low = middle
        else:
            high = middle - 1
    return low


def _target_cores(placements: list[Placement], mode: str, limits: Limits) -> list[int]:
    """Cores that a neuron of each population sends to: the next one; from the readout every hidden one (on chip) or the host."""
    cores = [placement.cores or placement.n for placement in placements]  # what fits no core counts as one core a neuron
    reached = [place.connections[0].load(max(1, place.neurons), limits).reached for place in placements[1:]]
    return [*reached, sum(cores[:-1]) if mode == "on-chip" else 1]


def _place(population: str, n: int, into: tuple[Incoming, ...], target_cores: int, limits: Limits) -> Placement:
    def loads(neurons: int) -> list[Load]:
        return [connection.load(neurons, limits) for connection in into]

    def bits_fit(neurons: int) -> bool:
        return sum(one.bits for one in loads(neurons)) <= limits.synapse_bits_per_core.number

    def axons_fit(neurons: int) -> bool:
        return sum(one.axons for one in loads(neurons)) <= limits.axons_in_per_core.number

    fitting = {
        "neurons": limits.neurons_per_core.number,
        "synapse memory": _most(n, bits_fit),
        "output axons": limits.axons_out_per_core.number // target_cores,
        "input axons": _most(n, axons_fit),
    }
    binding, most = min(fitting.items(), key=lambda item: item[1])
    cores = -(-n // min(n, most)) if most else 0
    while cores and not (bits_fit(-(-n // cores)) and axons_fit(-(-n // cores))):  # patches that a border of cores cuts
        cores += 1
    neurons = -(-n // cores) if cores else 0
    held = loads(max(1, neurons))
    return Placement(population, n, into, cores, neurons, tuple(one.bits for one in held), sum(one.axons for one in held),
                     max(1, neurons) * target_cores, "one core" if cores == 1 else binding)


def _most(n: int, fits: Callable[[int], bool]) -> int:
    """The most neurons of a core, up to n, that fit, by bisection: what they take grows with them."""
    low, high = 0, n
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low
