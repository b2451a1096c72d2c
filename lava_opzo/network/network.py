"""What a network is: populations, connections, how it learns, and the chip whose arithmetic it keeps to."""
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lava_opzo.errors import UserError, check_range, shown
from lava_opzo.learning.learning import Learning
from lava_opzo.learning.phases import auxiliary_place
from lava_opzo.learning.schedule import Schedule
from lava_opzo.network.connections import Connection, Wiring, chain, teachers
from lava_opzo.network.populations import Auxiliary, Hidden, Input, Readout
from lava_opzo.network.widths import check_carried, check_widths
from lava_opzo.silicon.profile import STOCK_LAVA, Profile
from lava_opzo.silicon.readouts import CLASSES
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.patches import Patches
from lava_opzo.topology.pool import Pool

MOST_NAME = 100
"""Most characters of the name of a population or a connection."""


@dataclass(frozen=True)
class Network:
    """A whole network, frozen; made by `Network.chain` or from its parts.

    populations: input first, readout last, in the order in which a sample passes them. connections: the forward weights in that
    order, the feedback weights, which end at the hidden populations, then those into auxiliary readouts. seed: of weights and
    noise. auxiliary: readouts above hidden populations below the last, from the input up, which predict nothing but teach.

    Raises UserError when a value or a combination cannot run.
    """

    populations: tuple[Input | Hidden | Readout, ...]
    connections: tuple[Connection, ...]
    learning: Learning = field(default_factory=Learning)
    profile: Profile = STOCK_LAVA
    seed: int = 1
    auxiliary: tuple[Readout, ...] = ()

    def __post_init__(self) -> None:
        check_range("network", "seed", self.seed, 0, (1 << 63) - 1, "(63 bits); choose another seed")
        self.schedule()
        self._check_chain()
        self._check_auxiliary()
        if self.learning.by_step and self.readout.kind != CLASSES:
            raise UserError(f"population '{self.readout.name}': outputs of kind '{self.readout.kind}' cannot learn with updates "
                            "'step', which teach classes; set updates = \"sample\", or kind = \"classes\"")
        self._check_running_readout()
        self._check_pools()
        self._check_opposed()
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
              wiring: Sequence[Wiring] = (), stagger: int = 0, auxiliary: Sequence[Auxiliary] = (),
              opposed: int = 0) -> "Network":
        """The usual stack: n_in lines (with the bias line), hidden layers, readout, each joined to the next.

        sigma, x_shift, wiring: of the forward connections, one a layer above the input (`Connection`); no wiring: all-to-all.
        spread, stagger, opposed: of the input (`Input`). auxiliary: readouts for local learning, none for the usual network.
        """
        learning = learning or Learning()
        populations, connections, extra = chain(Input(n_in, spread, stagger, opposed=opposed), hidden, readout, sigma, x_shift,
                                                learning.credit.m_sigma, wiring, auxiliary)
        return cls(populations, connections, learning, profile, seed, extra)

    def _check_chain(self) -> None:
        """Refuse what no engine can run: populations that are no chain, names given twice, sizes that do not meet."""
        kinds = [type(population) for population in self.populations]
        if kinds != [Input, *[Hidden] * (len(kinds) - 2), Readout] or len(kinds) < 3:
            raise UserError("network: its populations are not one Input, at least one Hidden and one Readout, in this order; "
                            "build it with Network.chain")
        names = [part.name for part in (*self.populations, *self.auxiliary, *self.connections)]
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
        read = [source for source, _, rule in found if rule == "auxiliary"]
        if [name for name in below[1:-2] if name in read] != read or len(read) != len(self.auxiliary):
            raise UserError(f"network: its {len(self.auxiliary)} auxiliary readouts read {shown(', '.join(read) or 'nothing')}; "
                            "each reads another hidden population below the last one, from the input up; build it with "
                            "Network.chain")
        taught = teachers(self.depth, [below.index(name) for name in read])
        wanted += [(self.readouts[teacher].name, name, "feedback") for name, teacher in zip(below[1:-1], taught, strict=True)]
        wanted += [(name, one.name, "auxiliary") for name, one in zip(read, self.auxiliary, strict=True)]
        if found != wanted:
            raise UserError(f"network: connections {shown(found)} are not {shown(wanted)}; build it with Network.chain")
        sizes = {population.name: population.n for population in (*self.populations, *self.auxiliary)}
        for connection in self.connections:
            ends = sizes[connection.source], sizes[connection.target]
            if connection.target == self.readout.name or connection.rule != "forward":
                self._check_dense(connection)
            if (connection.topology.n_pre, connection.topology.n_post) != ends:
                raise UserError(f"connection '{connection.name}': its topology joins {connection.topology.n_pre} with "
                                f"{connection.topology.n_post} neurons, its populations have {ends[0]} and {ends[1]}; rebuild it")

    def _check_auxiliary(self) -> None:
        """Refuse auxiliary readouts that would teach something else than the readout does, or in another way."""
        learning, last = self.learning, self.readout
        for one in self.auxiliary:
            if (one.n, one.kind, one.dv) != (last.n, last.kind, last.dv):
                raise UserError(f"population '{one.name}': its {one.n} outputs of kind '{one.kind}' (dv {one.dv}) are not the "
                                f"{last.n} of kind '{last.kind}' (dv {last.dv}) of '{last.name}'; give it the same")
        if self.auxiliary and not learning.credit.local:
            raise UserError(f"network: credit '{learning.credit.kind}' has no M through which '{self.auxiliary[0].name}' could "
                            "teach; use credit opzo or dfa, or leave auxiliary readouts out")
        if self.auxiliary and (learning.by_step or learning.credit.baseline != "none"):
            raise UserError("network: auxiliary readouts teach at the end of a sample and have no baseline; set updates = "
                            "\"sample\" and baseline = \"none\", or leave them out")
        for connection, above in zip(self.into_auxiliary, [self.forward[n] for n in self.read_layers], strict=True):
            if connection.x_shift != above.x_shift:
                raise UserError(f"connection '{connection.name}': x_shift {connection.x_shift} is not the {above.x_shift} of "
                                f"'{above.name}', and both get the same spikes of '{connection.source}'; give both the same")

    def _check_running_readout(self) -> None:
        if self.readout.dv and not self.learning.by_step:
            raise UserError(f"population '{self.readout.name}': dv {self.readout.dv} leaks where weights learn in every step, "
                            "and these are updates 'sample'; set updates = \"step\", or leave dv at 0")
        if self.learning.carry:
            check_carried(self.forward[-1], self.readout, self.profile)

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

    def _check_opposed(self) -> None:
        below, opposed = self.forward[0].topology, self.input.opposed
        if opposed and isinstance(below, Patches) and below.shape[2] % (2 * opposed):
            raise UserError(f"population '{self.input.name}': opposed {opposed} makes groups of {2 * opposed} lines, and a pixel "
                            f"has {below.shape[2]}; give half of its channels, or 0")

    @staticmethod
    def _check_dense(connection: Connection) -> None:
        if not isinstance(connection.topology, Dense):
            raise UserError(f"connection '{connection.name}': topology {type(connection.topology).__name__} is not all-to-all, "
                            "which the readout and the feedback need; use Dense")

    def population(self, name: str) -> Input | Hidden | Readout:
        """The population of that name."""
        return next(population for population in (*self.populations, *self.auxiliary) if population.name == name)

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
    def readouts(self) -> tuple[Readout, ...]:
        """The readout, which predicts, then the auxiliary ones."""
        return (self.readout, *self.auxiliary)

    @property
    def plastic(self) -> tuple[Hidden | Readout, ...]:
        """The populations that have a y: hidden ones from the input up, the readout, auxiliary readouts."""
        return (*self.hidden, *self.readouts)

    @cached_property
    def forward(self) -> tuple[Connection, ...]:
        """The forward connections W, from the input up; one into each hidden population and into the readout."""
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
    def into_auxiliary(self) -> tuple[Connection, ...]:
        """The connections A, one into each of `auxiliary`."""
        return tuple(connection for connection in self.connections if connection.rule == "auxiliary")

    @cached_property
    def read_layers(self) -> tuple[int, ...]:
        """Numbers of the hidden populations that the auxiliary readouts read."""
        numbers = {population.name: number for number, population in enumerate(self.populations)}
        return tuple(numbers[connection.source] for connection in self.into_auxiliary)

    @property
    def teachers(self) -> tuple[int, ...]:
        """Which of `readouts` teaches each hidden population."""
        return teachers(self.depth, self.read_layers)

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

    def place(self, name: str) -> int:
        """The number of a population in a `Schedule`: its place in the chain, and beyond it those of auxiliary readouts."""
        names = [population.name for population in self.populations]
        if name in names:
            return names.index(name)
        number = [one.name for one in self.auxiliary].index(name)
        return auxiliary_place(self.read_layers[number], self.depth)
