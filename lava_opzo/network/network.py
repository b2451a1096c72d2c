"""What a network is: populations, connections, how it learns, and the chip whose arithmetic it keeps to."""
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lava_opzo.errors import UserError, check_range, shown
from lava_opzo.learning.learning import Learning
from lava_opzo.learning.schedule import Schedule
from lava_opzo.network.connections import Connection, Wiring, chain
from lava_opzo.network.populations import Hidden, Input, Readout
from lava_opzo.network.widths import check_widths
from lava_opzo.silicon.profile import STOCK_LAVA, Profile
from lava_opzo.silicon.readouts import CLASSES
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.pool import Pool

MOST_NAME = 100
"""Most characters of the name of a population or a connection."""


@dataclass(frozen=True)
class Network:
    """A whole network, frozen; made by `Network.chain` or from its parts.

    populations: input first, readout last, in the order in which a sample passes them. connections: the forward weights in that
    order, then the feedback weights, which end at the hidden populations. seed: of weights and noise.

    Raises UserError when a value or a combination cannot run.
    """

    populations: tuple[Input | Hidden | Readout, ...]
    connections: tuple[Connection, ...]
    learning: Learning = field(default_factory=Learning)
    profile: Profile = STOCK_LAVA
    seed: int = 1

    def __post_init__(self) -> None:
        check_range("network", "seed", self.seed, 0, (1 << 63) - 1, "(63 bits); choose another seed")
        self.schedule()
        self._check_chain()
        if self.learning.by_step and self.readout.kind != CLASSES:
            raise UserError(f"population '{self.readout.name}': outputs of kind '{self.readout.kind}' cannot learn with updates "
                            "'step', which teach classes; set updates = \"sample\", or kind = \"classes\"")
        self._check_running_readout()
        self._check_pools()
        if self.learning.credit.baseline != "none" and self.readout.kind != CLASSES:
            raise UserError(f"population '{self.readout.name}': outputs of kind '{self.readout.kind}' have no baseline "
                            f"'{self.learning.credit.baseline}', whose means are those of classes; set baseline = \"none\", or "
                            "kind = \"classes\"")
        if all(layer.frozen for layer in self.plastic):
            raise UserError("network: every layer is frozen, so that nothing can learn; leave one of "
                            f"{shown(', '.join(layer.name for layer in self.plastic))} as it was, or evaluate the network")
        check_widths(self.populations, self.connections, self.learning, self.profile)

    @classmethod
    def chain(cls, n_in: int, hidden: Sequence[Hidden], readout: Readout, sigma: Sequence[float], x_shift: Sequence[int],
              learning: Learning | None = None, profile: Profile = STOCK_LAVA, seed: int = 1, spread: bool = False,
              wiring: Sequence[Wiring] = (), stagger: int = 0) -> "Network":
        """The usual stack: n_in lines (with the bias line), hidden layers, readout, each joined to the next.

        sigma, x_shift, wiring: of the forward connections, one a layer above the input (`Connection`); no wiring: all-to-all.
        spread, stagger: of the input (`Input`).
        """
        learning = learning or Learning()
        populations, connections = chain(Input(n_in, spread, stagger), hidden, readout, sigma, x_shift,
                                         learning.credit.m_sigma, wiring)
        return cls(populations, connections, learning, profile, seed)

    def _check_chain(self) -> None:
        """Refuse what no engine can run: populations that are no chain, names given twice, sizes that do not meet."""
        kinds = [type(population) for population in self.populations]
        if kinds != [Input, *[Hidden] * (len(kinds) - 2), Readout] or len(kinds) < 3:
            raise UserError("network: its populations are not one Input, at least one Hidden and one Readout, in this order; "
                            "build it with Network.chain")
        names = [part.name for part in (*self.populations, *self.connections)]
        twice = sorted(name for name, count in Counter(names).items() if count > 1)
        if twice or "" in names:
            raise UserError(f"network: the name '{shown(twice[0]) if twice else ''}' is empty or given twice; give every part a "
                            "name of its own")
        wrong = next((name for name in names if len(name) > MOST_NAME or not name.isprintable() or "." in name), None)
        if wrong is not None:
            raise UserError(f"network: the name {shown(repr(wrong))} has more than {MOST_NAME} characters, a dot, or some that "
                            "cannot be printed; choose another one")
        found = [(connection.source, connection.target, connection.rule) for connection in self.connections]
        below = [population.name for population in self.populations]
        wanted = [(a, b, "forward") for a, b in zip(below, below[1:], strict=False)]
        wanted += [(below[-1], name, "feedback") for name in below[1:-1]]
        if found != wanted:
            raise UserError(f"network: connections {shown(found)} are not {shown(wanted)}; build it with Network.chain")
        sizes = {population.name: population.n for population in self.populations}
        for connection in self.connections:
            ends = sizes[connection.source], sizes[connection.target]
            if connection.target == self.readout.name or connection.rule == "feedback":
                self._check_dense(connection)
            if (connection.topology.n_pre, connection.topology.n_post) != ends:
                raise UserError(f"connection '{connection.name}': its topology joins {connection.topology.n_pre} with "
                                f"{connection.topology.n_post} neurons, its populations have {ends[0]} and {ends[1]}; rebuild it")

    def _check_running_readout(self) -> None:
        if self.readout.dv and not self.learning.by_step:
            raise UserError(f"population '{self.readout.name}': dv {self.readout.dv} leaks where weights learn in every step, "
                            "and these are updates 'sample'; set updates = \"step\", or leave dv at 0")

    def _check_pools(self) -> None:
        """Refuse pooling that would learn, and a weight of it that is none."""
        for connection, layer in zip(self.forward, self.hidden, strict=False):
            if not isinstance(connection.topology, Pool):
                continue
            if not layer.frozen:
                raise UserError(f"population '{layer.name}': pools what lies below it, in which nothing can learn, and is not "
                                "frozen; set frozen = true")
            if connection.sigma < 1 or connection.sigma != int(connection.sigma):
                raise UserError(f"connection '{connection.name}': sigma {connection.sigma} is no whole number in 1..127, half of "
                                "the weight of its pooling; choose one, for example 16")

    @staticmethod
    def _check_dense(connection: Connection) -> None:
        if not isinstance(connection.topology, Dense):
            raise UserError(f"connection '{connection.name}': topology {type(connection.topology).__name__} is not all-to-all, "
                            "which the readout and the feedback need; use Dense")

    def population(self, name: str) -> Input | Hidden | Readout:
        """The population of that name."""
        return next(population for population in self.populations if population.name == name)

    @property
    def input(self) -> Input:
        """The input lines."""
        return self.populations[0]  # type: ignore[return-value]  # _check_chain

    @cached_property
    def hidden(self) -> tuple[Hidden, ...]:
        """The hidden populations, from the input up."""
        return tuple(population for population in self.populations if isinstance(population, Hidden))

    @property
    def readout(self) -> Readout:
        """The output neurons."""
        return self.populations[-1]  # type: ignore[return-value]  # _check_chain

    @property
    def plastic(self) -> tuple[Hidden | Readout, ...]:
        """The populations above the input, which have a y: hidden ones from the input up, readout last."""
        return (*self.hidden, self.readout)

    @cached_property
    def forward(self) -> tuple[Connection, ...]:
        """The forward connections W, from the input up; one into each of `plastic`."""
        return tuple(connection for connection in self.connections if connection.rule == "forward")

    @property
    def summing(self) -> tuple[Connection, ...]:
        """Those of them that add up the changes of their shared weights."""
        return tuple(connection for connection in self.forward if connection.sum_shift)

    @cached_property
    def feedback(self) -> tuple[Connection, ...]:
        """The feedback connections M, one into each of `hidden`."""
        return tuple(connection for connection in self.connections if connection.rule == "feedback")

    @cached_property
    def learning_connections(self) -> frozenset[str]:
        """Names of the connections that have a rule: all but those that end at a frozen population."""
        frozen = {layer.name for layer in self.plastic if layer.frozen}
        return frozenset(connection.name for connection in self.connections if connection.target not in frozen)

    @property
    def depth(self) -> int:
        """Hidden populations."""
        return len(self.hidden)

    @property
    def widths(self) -> tuple[int, ...]:
        """Neurons of each population, input first."""
        return tuple(population.n for population in self.populations)

    def schedule(self, learn: bool = True) -> Schedule:
        """The timeline of one training (or evaluated) sample."""
        return self.learning.schedule(self.depth, learn)
