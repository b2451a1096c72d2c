"""The connections of a network and every name in it: populations hidden1.., forward weights W1.., feedback weights M1.."""
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import Field

from lava_opzo.errors import UserError, check_range
from lava_opzo.network.populations import Hidden, Input, Readout
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

    name: W1.., M1... source, target: names of populations. rule: `forward` for W, `feedback` for M. sigma: standard deviation of
    the initial weights, in steps of two units; of a `Pool`, which draws none, the weight itself. x_shift: bits that the counts of
    the source lose in the eligibility of this connection.

    Raises UserError for a value outside its range.
    """

    name: str
    source: str
    target: str
    topology: Topology
    rule: Literal["forward", "feedback"]
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


def chain(lines: Input, hidden: Sequence[Hidden], readout: Readout, sigma: Sequence[float], x_shift: Sequence[int],
          m_sigma: float, wiring: Sequence[Wiring] = ()) -> tuple[tuple[Input | Hidden | Readout, ...], tuple[Connection, ...]]:
    """(populations, connections) of the usual stack: every layer reaches the next, the readout teaches every hidden layer.

    lines: the input. sigma, x_shift, wiring: of W1.., one a layer above the input; no wiring at all for all-to-all. m_sigma: of
    every M. Raises UserError where their number is wrong.
    """
    layers: tuple[Input | Hidden | Readout, ...] = (lines, *named(hidden), readout)
    wiring = wiring or [Dense(below.n, above.n) for below, above in zip(layers, layers[1:], strict=False)]
    for name, values in (("sigma", sigma), ("x_shift", x_shift), ("wiring", wiring)):
        if len(values) != len(layers) - 1:
            raise UserError(f"network: {name} has {len(values)} values, {len(layers) - 1} are needed; give one a layer above "
                            "the input")
    forward = [Connection(f"W{number}", below.name, above.name, wiring[number - 1], "forward", sigma[number - 1],
                          x_shift[number - 1]) for number, (below, above) in enumerate(zip(layers, layers[1:], strict=False), 1)]
    feedback = [Connection(f"M{number}", readout.name, layer.name, Dense(readout.n, layer.n), "feedback", m_sigma)
                for number, layer in enumerate(layers[1:-1], 1)]
    return layers, (*forward, *feedback)
