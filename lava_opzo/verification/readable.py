"""The part of a reference's record that can be held against what a host read at one halt."""
from lava_opzo.engines.record import Record
from lava_opzo.learning.step import Step
from lava_opzo.network.network import Network
from lava_opzo.network.state import shapes as state_shapes

WRITTEN = {
    "count": lambda step: step.first, "psi": lambda step: step.first, "v": lambda step: step.start,
    "g": lambda step: step.first, "o_plus": lambda step: step.first, "o_minus": lambda step: step.first,
    "prediction": lambda step: step.answer, "error": lambda step: step.quantise, "y": lambda step: step.quantise,
    "d_hat": lambda step: step.difference,
}
"""A variable that a sample does not take over from the one before -> whether a step of its population writes it anew."""


class Halts:
    """Which variables mean something after each time step of a sample.

    What a population held at the end of the sample before stands there until it is written anew. A network that was started for
    this sample alone does not have it, so it is left out until then.
    """

    def __init__(self, network: Network) -> None:
        schedule, self.last = network.schedule(), network.schedule().length - 1
        programs = {one.name: schedule.program(network.place(one.name)) for one in (*network.populations, *network.auxiliary)}
        self._since = {(name, variable): _first(program, variable) for name, program in programs.items() for variable in WRITTEN}
        self._since |= dict.fromkeys((tuple(name.split(".")) for name in state_shapes(network)), 0)

    def pair(self, reference: Record, read: Record, tau: int) -> tuple[Record, Record]:
        """The row of the reference and what was read after step tau: the variables that both have and that mean something."""
        kept = [(part, variable) for part, variables in reference.items() for variable in variables
                if variable in read.get(part, {}) and self._since.get((part, variable), self.last) <= tau]
        left: Record = {}
        right: Record = {}
        for part, variable in kept:
            values = reference[part][variable]
            left.setdefault(part, {})[variable] = values[tau:tau + 1] if len(values) > 1 else values
            right.setdefault(part, {})[variable] = read[part][variable]
        return left, right


def _first(program: tuple[Step, ...], variable: str) -> int:
    """The first step in which a population writes a variable; beyond the sample where none does."""
    return next((tau for tau, step in enumerate(program) if WRITTEN[variable](step)), len(program))


def described(read: dict[str, list[str]]) -> str:
    """What was read, for a person: populations and connections with equal variables together."""
    parts: dict[tuple[str, ...], list[str]] = {}
    for part, variables in read.items():
        parts.setdefault(tuple(variables), []).append(part)
    return "; ".join(f"{', '.join(variables)} of {', '.join(names)}" for variables, names in parts.items())
