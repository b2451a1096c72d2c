"""Pre-flight rules about what a network occupies."""
from lava_opzo.board.finding import Finding, judged
from lava_opzo.board.mapping import Incoming
from lava_opzo.board.subject import Subject
from lava_opzo.silicon.limits import Limit


def neurons(subject: Subject) -> list[Finding]:
    """Neurons of a population against all cores of the board full of neurons."""
    board, limit = subject.board, subject.limits.neurons_per_core
    all_cores = Limit(board.cores * limit.number, f"neurons on {board.name}", limit.source, limit.verified)
    return [judged("neurons", place.population, place.n, all_cores, "make it narrower or choose a larger board")
            for place in subject.mapping.placements]


def synaptic_memory(subject: Subject) -> list[Finding]:
    """Bits of all synapses into the fullest core; where one neuron alone is too much, no spreading helps."""
    return [judged("synaptic memory", place.population, sum(place.bits), subject.limits.synapse_bits_per_core,
                   f"one neuron's {_inputs(place.connections)} inputs are too many; shrink the population below")
            for place in subject.mapping.placements]


def fan_in(subject: Subject) -> list[Finding]:
    """Input axons of a core: one per pre-synaptic neuron, two where the connection learns."""
    return [judged("fan-in", place.population, place.axons_in, subject.limits.axons_in_per_core,
                   f"{place.axons_in} axons end in one core of the population; "
                   "shrink the population below or use in-the-loop mode")
            for place in subject.mapping.placements]


def fan_out(subject: Subject) -> list[Finding]:
    """Output axons of the fullest core: its neurons times the cores that they send to."""
    return [judged("fan-out", place.population, place.axons_out, subject.limits.axons_out_per_core,
                   "the populations it sends to lie in too many cores; make them narrower")
            for place in subject.mapping.placements]


def learning_memory(subject: Subject) -> list[Finding]:
    """What a learning synapse needs besides its weight is not public."""
    if subject.mode != "on-chip":
        return []
    return [judged("learning memory", "all populations", "not counted", subject.limits.learning_memory_per_core, "")]


def board_size(subject: Subject) -> list[Finding]:
    """Cores of all populations against the board's; a population that fits no core is reported by the rules above."""
    board = subject.board
    limit = Limit(board.cores, "neurocores", f"{board.name}, {board.chips} chip(s): {board.source}", board.verified)
    return [judged("cores", "network", subject.mapping.cores, limit, "choose a larger board or narrower populations")]


def _inputs(connections: tuple[Incoming, ...]) -> int:
    return sum(connection.topology.fan_in for connection in connections)


RESOURCE_RULES = (neurons, synaptic_memory, fan_in, fan_out, learning_memory, board_size)
