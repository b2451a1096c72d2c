"""The connections of a network and every name in it: populations hidden1.. and aux1.., forward weights W1.. and A1.., feedback
weights M1...
"""
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import Field

from lava_opzo.errors import UserError, check_range
from lava_opzo.network.populations import Auxiliary, Hidden, Input, Readout
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.edges import Topology
from lava_opzo.topology.local import Local
from lava_opzo.topology.pool import Pool

Wiring = Annotated[Dense | Local | Conv | Pool, Field(discriminator="kind")]
"""The topologies of forward weights, as a file names them."""


@dataclass(frozen=True)
class Connection:
    """A topology between two populations, with the rule by which it learns.

    name: W1.., A1.., M1... source, target: names of populations. rule: `forward` for W; `auxiliary` for A, which learns as W does
    and ends at an auxiliary readout; `feedback` for M. sigma: standard deviation of the initial weights, in steps of two units;
    of a `Pool`, which draws none, the weight itself. x_shift: bits that the counts of the source lose in the eligibility of this
    connection.

    Raises UserError for a value outside its range.
    """

    name: str
    source: str
    target: str
    topology: Topology
    rule: Literal["forward", "feedback", "auxiliary"]
    sigma: float
    x_shift: int = 0

    def __post_init__(self) -> None:
        owner = f"connection '{self.name}'"
        check_range(owner, "sigma", self.sigma, 0, 127, "(steps of an 8-bit weight); choose a smaller scale")
        check_range(owner, "x_shift", self.x_shift, 0, 22, "(counts have fewer bits); choose about log2 of the largest count")

    @property
    def weights(self) -> str:
        """The name of its weights in a `State`."""
        return f"{self.name}.weights"

    @property
    def sum_shift(self) -> int:
        """Bits that the sum of a shared weight's changes loses (`Conv.sum_shift`), 0 where changes are not added up."""
        return self.topology.sum_shift if isinstance(self.topology, Conv) else 0

    @property
    def residual(self) -> str:
        """The name of the array in a `State` that keeps those bits, where there are any."""
        return f"{self.name}.residual"


def named(hidden: Sequence[Hidden]) -> tuple[Hidden, ...]:
    """The hidden populations of a chain, from the input up, each with a name."""
    return tuple(replace(layer, name=layer.name or f"hidden{number}") for number, layer in enumerate(hidden, 1))


def teachers(depth: int, layers: Sequence[int]) -> tuple[int, ...]:
    """Which readout teaches each of `depth` hidden layers: 0 for the last one, n for the n-th auxiliary one.

    A layer is taught by the lowest readout that reads it or a layer above it. layers: what the auxiliary readouts read, numbers
    of hidden layers in ascending order.
    """
    return tuple(next((n for n, layer in enumerate(layers, 1) if layer >= number), 0) for number in range(1, depth + 1))


Parts = tuple[tuple[Input | Hidden | Readout, ...], tuple[Connection, ...], tuple[Readout, ...]]


def chain(lines: Input, hidden: Sequence[Hidden], readout: Readout, sigma: Sequence[float], x_shift: Sequence[int],
          m_sigma: float, wiring: Sequence[Wiring] = (), auxiliary: Sequence[Auxiliary] = ()) -> Parts:
    """(populations, connections, auxiliary readouts) of the usual stack: every layer reaches the next, and every hidden layer is
    taught by the nearest readout above it.

    lines: the input. sigma, x_shift, wiring: of W1.., one a layer above the input; no wiring at all for all-to-all. m_sigma: of
    every M. Raises UserError where their number is wrong, and for auxiliary readouts that read no hidden layer below the last.
    """
    layers: tuple[Input | Hidden | Readout, ...] = (lines, *named(hidden), readout)
    wiring = wiring or [Dense(below.n, above.n) for below, above in zip(layers, layers[1:], strict=False)]
    for name, values in (("sigma", sigma), ("x_shift", x_shift), ("wiring", wiring)):
        if len(values) != len(layers) - 1:
            raise UserError(f"network: {name} has {len(values)} values, {len(layers) - 1} are needed; give one a layer above "
                            "the input")
    forward = [Connection(f"W{number}", below.name, above.name, wiring[number - 1], "forward", sigma[number - 1],
                          x_shift[number - 1]) for number, (below, above) in enumerate(zip(layers, layers[1:], strict=False), 1)]
    read = [one.layer for one in auxiliary]
    _check_read(read, len(hidden))
    extra = tuple(one.above(readout, f"aux{one.layer}") for one in auxiliary)
    local = [Connection(f"A{one.layer}", layers[one.layer].name, above.name, Dense(layers[one.layer].n, above.n), "auxiliary",
                        one.sigma, x_shift[one.layer]) for one, above in zip(auxiliary, extra, strict=True)]
    taught = zip(layers[1:-1], teachers(len(hidden), read), strict=True)
    names = [one.name for one in (readout, *extra)]
    feedback = [Connection(f"M{number}", names[teacher], layer.name, Dense(readout.n, layer.n), "feedback", m_sigma)
                for number, (layer, teacher) in enumerate(taught, 1)]
    return layers, (*forward, *feedback, *local), extra


def _check_read(layers: Sequence[int], depth: int) -> None:
    """Auxiliary readouts read different hidden layers, in ascending order, below the last one, which has the readout itself."""
    if list(layers) != sorted(set(layers)) or (layers and layers[-1] >= depth):
        raise UserError(f"network: auxiliary readouts read the hidden layers {', '.join(map(str, layers))} of {depth}; give each "
                        "a layer of its own below the last one, in ascending order")
