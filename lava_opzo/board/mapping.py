"""How many cores and chips a network takes, by the conservative packing of Loihi 1's synapse memory.

A core holds some neurons of one layer with all their synapses: the rows of W and, on chip, the rows of M. Its limits are neurons,
synapse bits, input axons (two for a learning connection) and output axons (one per neuron and target core).
Packing of synapses: nengo-loihi, `bits_per_axon`, without delays and tags.
"""

from dataclasses import dataclass, replace

from lava_opzo.errors import UserError
from lava_opzo.network.layers import MAX_WIDTH
from lava_opzo.network.network import Config
from lava_opzo.silicon.boards import Board
from lava_opzo.silicon.limits import LIMITS, Limits

MODES = ("on-chip", "in-the-loop")
"""on-chip: plastic W and M and their neurons on the board. in-the-loop: forward connections only, learning on the host."""

CHUNK, HEADER_BITS, WORD_BITS = 64, 10, 64


@dataclass(frozen=True)
class Connection:
    """A dense connection into a layer: n_pre axons, learning or static."""

    name: str
    n_pre: int
    learning: bool


@dataclass(frozen=True)
class Placement:
    """A layer on its cores. neurons: of the fullest core. binding: the limit that decided; cores = 0: not even one neuron fits.

    bits: synapse bits of each connection in the fullest core. axons_in, axons_out: of the fullest core.
    """

    layer: str
    n: int
    connections: tuple[Connection, ...]
    cores: int
    neurons: int
    bits: tuple[int, ...]
    axons_in: int
    axons_out: int
    binding: str


@dataclass(frozen=True)
class Mapping:
    """All layers on a board; the input lives on the host or on embedded cores and takes no neurocore."""

    board: Board
    mode: str
    placements: tuple[Placement, ...]

    @property
    def cores(self) -> int:
        return sum(placement.cores for placement in self.placements)

    @property
    def chips(self) -> int:
        return -(-self.cores // LIMITS.cores_per_chip.value)

    @property
    def fits(self) -> bool:
        return all(placement.cores for placement in self.placements) and self.chips <= self.board.chips


def axon_bits(n_post: int, weight_bits: int) -> int:
    """Bits of one axon's synapses in a core: sum over chunks of c <= 64 posts of 64*ceil((c*weight_bits + 10)/64)."""
    full, rest = divmod(n_post, CHUNK)
    sizes = [CHUNK] * full + [rest] * (rest > 0)
    return sum(WORD_BITS * -(-(c * weight_bits + HEADER_BITS) // WORD_BITS) for c in sizes)


def connections(config: Config, mode: str = "on-chip") -> list[tuple[str, int, tuple[Connection, ...]]]:
    """(layer, n, connections into it) for every layer above the input."""
    if mode not in MODES:
        raise UserError(f"mode '{mode}' is not one of {', '.join(MODES)}; choose one of them")
    learning = mode == "on-chip"
    names = [*(f"hidden{i}" for i in range(1, config.depth + 1)), "readout"]
    result = []
    for i, name in enumerate(names, 1):
        into = [Connection(f"W{i}", config.widths[i - 1], learning)]
        if learning and name != "readout":
            into.append(Connection(f"M{i}", config.readout.n, True))
        result.append((name, config.widths[i], tuple(into)))
    return result


def mapping_report(config: Config, board: Board, mode: str = "on-chip", limits: Limits = LIMITS) -> Mapping:
    """The cores of every layer on `board`. Raises UserError for an unknown mode; whether it fits is in `Mapping.fits`."""
    layers = connections(config, mode)
    placements, targets = [], [1] * len(layers)
    while True:  # spreading a layer only adds targets for those below it, so this ends
        placements = [_place(*layer, n_targets, limits) for layer, n_targets in zip(layers, targets)]
        previous, targets = targets, _target_cores(placements, mode)
        if targets == previous:
            return Mapping(board, mode, tuple(placements))


def largest_hidden_width(config: Config, board: Board, mode: str = "on-chip") -> int:
    """The most neurons that every hidden layer may have on `board`, all else as in `config`; 0 where one neuron is too many."""
    low, high = 0, MAX_WIDTH
    while low < high:
        middle = (low + high + 1) // 2
        wider = replace(config, hidden=tuple(replace(layer, n=middle) for layer in config.hidden))
        if mapping_report(wider, board, mode).fits:
            low = middle
        else:
            high = middle - 1
    return low


def _target_cores(placements: list[Placement], mode: str) -> list[int]:
    """Cores that a neuron of each layer sends to: the layer above; from the readout every hidden layer (on chip) or the host."""
    cores = [placement.cores or placement.n for placement in placements]  # a layer that fits no core counts as one core a neuron
    return [*cores[1:], sum(cores[:-1]) if mode == "on-chip" else 1]


def _place(layer: str, n: int, into: tuple[Connection, ...], target_cores: int, limits: Limits) -> Placement:
    axons_in = sum(c.n_pre * (limits.slots_per_learning_axon.value if c.learning else 1) for c in into)
    fitting = {
        "neurons": limits.neurons_per_core.value,
        "synapse memory": _most_neurons(into, n, limits),
        "output axons": limits.axons_out_per_core.value // target_cores,
        "input axons": n if axons_in <= limits.axons_in_per_core.value else 0,
    }
    binding, most = min(fitting.items(), key=lambda item: item[1])
    if most == 0:
        return Placement(
            layer,
            n,
            into,
            0,
            0,
            tuple(c.n_pre * axon_bits(1, limits.weight_bits.value) for c in into),
            axons_in,
            target_cores,
            binding,
        )
    cores = -(-n // min(n, most))
    neurons = -(-n // cores)
    bits = tuple(c.n_pre * axon_bits(neurons, limits.weight_bits.value) for c in into)
    return Placement(
        layer, n, into, cores, neurons, bits, axons_in, neurons * target_cores, "one core" if cores == 1 else binding
    )


def _most_neurons(into: tuple[Connection, ...], n: int, limits: Limits) -> int:
    """The most neurons whose synapses fit one core's memory, by bisection (the bits grow with the neurons)."""
    bits = lambda c: sum(connection.n_pre for connection in into) * axon_bits(c, limits.weight_bits.value)  # noqa: E731
    low, high = 0, n
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if bits(middle) <= limits.synapse_bits_per_core.value else (low, middle - 1)
    return low
