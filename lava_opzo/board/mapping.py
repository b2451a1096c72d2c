"""How many cores and chips a network takes, by the conservative packing of Loihi 1's synapse memory.

A core holds some neurons of one population with all their synapses: the rows of W and, on chip, the rows of M. Its limits are
neurons, synapse bits, input axons (two for a learning connection) and output axons (one per neuron and target core).
Packing of synapses: nengo-loihi, `bits_per_axon`, without delays and tags.
"""
from dataclasses import dataclass, replace

from lava_opzo.engines.target import check_mode
from lava_opzo.network.form import form_of
from lava_opzo.network.network import Network
from lava_opzo.silicon.boards import Board
from lava_opzo.silicon.limits import LIMITS, Limits

CHUNK, HEADER_BITS, WORD_BITS = 64, 10, 64


@dataclass(frozen=True)
class Incoming:
    """What a core sees of a connection into its population: n_pre axons, learning or static."""

    name: str
    n_pre: int
    learning: bool


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


def axon_bits(n_post: int, weight_bits: int) -> int:
    """Bits of one axon's synapses in a core: sum over chunks of c <= 64 posts of 64*ceil((c*weight_bits + 10)/64)."""
    full, rest = divmod(n_post, CHUNK)
    sizes = [CHUNK] * full + [rest] * (rest > 0)
    return sum(WORD_BITS * -(-(c * weight_bits + HEADER_BITS) // WORD_BITS) for c in sizes)


def incoming(network: Network, mode: str = "on-chip") -> list[tuple[str, int, tuple[Incoming, ...]]]:
    """(population, n, connections into it) for every population above the input. Raises UserError for an unknown mode."""
    check_mode(mode)
    learning = mode == "on-chip"
    present = network.connections if learning else network.forward
    return [(layer.name, layer.n, tuple(Incoming(connection.name, connection.topology.n_pre, learning)
                                        for connection in present if connection.target == layer.name))
            for layer in network.plastic]


def mapping_report(network: Network, board: Board, mode: str = "on-chip", limits: Limits = LIMITS) -> Mapping:
    """The cores of every population on `board`. Raises UserError for an unknown mode; whether it fits is in `Mapping.fits`."""
    layers = incoming(network, mode)
    targets = [1] * len(layers)
    while True:  # spreading a population only adds targets for those below it, so this ends
        placements = [_place(*layer, n_targets, limits) for layer, n_targets in zip(layers, targets, strict=True)]
        previous, targets = targets, _target_cores(placements, mode)
        if targets == previous:
            return Mapping(board, mode, tuple(placements))


def with_hidden(network: Network, depth: int, n: int) -> Network:
    """The network with another number of hidden populations, all of n neurons and with the constants of its last one."""
    form = form_of(network)
    layer = replace(form.hidden[-1], n=n, name="")
    return replace(form, hidden=(layer,) * depth, sigma=_stretched(form.sigma, depth),
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


def _target_cores(placements: list[Placement], mode: str) -> list[int]:
    """Cores that a neuron of each population sends to: the next one; from the readout every hidden one (on chip) or the host."""
    cores = [placement.cores or placement.n for placement in placements]  # what fits no core counts as one core a neuron
    return [*cores[1:], sum(cores[:-1]) if mode == "on-chip" else 1]


def _place(population: str, n: int, into: tuple[Incoming, ...], target_cores: int, limits: Limits) -> Placement:
    axons_in = sum(c.n_pre * (limits.slots_per_learning_axon.number if c.learning else 1) for c in into)
    fitting = {
        "neurons": limits.neurons_per_core.number,
        "synapse memory": _most_neurons(into, n, limits),
        "output axons": limits.axons_out_per_core.number // target_cores,
        "input axons": n if axons_in <= limits.axons_in_per_core.number else 0,
    }
    binding, most = min(fitting.items(), key=lambda item: item[1])
    if most == 0:
        bits = tuple(c.n_pre * axon_bits(1, limits.weight_bits.number) for c in into)
        return Placement(population, n, into, 0, 0, bits, axons_in, target_cores, binding)
    cores = -(-n // min(n, most))
    neurons = -(-n // cores)
    bits = tuple(c.n_pre * axon_bits(neurons, limits.weight_bits.number) for c in into)
    return Placement(population, n, into, cores, neurons, bits, axons_in, neurons * target_cores,
                     "one core" if cores == 1 else binding)


def _most_neurons(into: tuple[Incoming, ...], n: int, limits: Limits) -> int:
    """The most neurons whose synapses fit one core's memory, by bisection (the bits grow with the neurons)."""
    axons = sum(connection.n_pre for connection in into)
    low, high = 0, n
    while low < high:
        middle = (low + high + 1) // 2
        if axons * axon_bits(middle, limits.weight_bits.number) <= limits.synapse_bits_per_core.number:
            low = middle
        else:
            high = middle - 1
    return low
