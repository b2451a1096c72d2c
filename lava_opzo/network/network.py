"""What a network is: frozen dataclasses, checked when they are made (docs/arithmetic.md section 2)."""
from dataclasses import dataclass

from lava_opzo.errors import UserError
from lava_opzo.files.toml import STRICT
from lava_opzo.learning.credit import CREDITS, LOCAL_CREDITS
from lava_opzo.learning.schedule import Schedule
from lava_opzo.network.layers import MAX_WIDTH, Hidden, Readout, _check
from lava_opzo.silicon.profile import UV_LIMIT, WEIGHT_MIN, Y_MAX


@dataclass(frozen=True)
class Config:
    """A whole network. n_in counts the input lines, with the bias input if there is one.

    credit: one of CREDITS; `lava_opzo.experiment.credit_kinds.assigned` gives the other fields their values for it. m_sigma: standard deviation of
    the initial M, in steps of two units; 0 for an M that is learned.

    Raises UserError when a value or a combination cannot run.
    """

    __pydantic_config__ = STRICT
    n_in: int
    hidden: tuple[Hidden, ...]
    readout: Readout
    steps: int = 8
    windows: int = 2
    x_max: int = 2
    d_bits: int = 2
    decay_period: int = 256
    halve_every: int = 0
    max_halvings: int = 4
    seed: int = 1
    credit: str = "opzo"
    m_sigma: float = 0.0

    def __post_init__(self):
        object.__setattr__(self, "hidden", tuple(self.hidden))
        if not 1 <= len(self.hidden) <= 4:
            raise UserError(f"network: {len(self.hidden)} hidden layers is outside 1..4; choose another depth")
        _check("network", "n_in", self.n_in, 1, MAX_WIDTH, "(more would overflow the 32-bit current); down-sample the input")
        for i, layer in enumerate(self.hidden, 1):
            layer.check(f"hidden{i}")
        self.readout.check()
        self.schedule()
        if self.decay_period & (self.decay_period - 1) or not 0 <= self.decay_period <= 1 << 20:
            raise UserError(f"network: decay_period {self.decay_period} is not a power of two up to {1 << 20}, or 0 for none")
        _check("network", "halve_every", self.halve_every, 0, 1 << 30, "(samples); 0 means never")
        _check("network", "max_halvings", self.max_halvings, 0, 16, "(bits); choose a smaller number")
        _check("network", "seed", self.seed, 0, (1 << 63) - 1, "(63 bits); choose another seed")
        _check("network", "m_sigma", self.m_sigma, 0, 127, "(steps of an 8-bit weight); choose a smaller scale")
        self._check_credit()
        self._check_credit_width()

    def _check_credit(self) -> None:
        """M learns with credit `opzo` alone, and only an M that does not learn starts at random."""
        if self.credit not in CREDITS:
            raise UserError(f"network: credit '{self.credit}' is not one of {', '.join(CREDITS)}; choose one of them")
        for name, wanted, unit, limits in (("d_bits", self.credit == "opzo", "bits of dhat, with which M learns", "1..7"),
                                           ("m_sigma", self.credit == "dfa", "the scale of an M that stays as it is", "0..127")):
            value = getattr(self, name)
            if bool(value) != wanted:
                raise UserError(f"network: {name} {value} ({unit}) does not go with credit '{self.credit}'; "
                                f"choose {limits if wanted else '0'}")
        if self.credit != "opzo" and self.decay_period:
            raise UserError(f"network: decay_period {self.decay_period} does not go with credit '{self.credit}', whose M is not "
                            "learned; choose 0")

    def _check_credit_width(self) -> None:
        """Largest |h| = n_out * 256 * 127 * windows*K, plus the residual, must fit 24 bits signed; kinds in real numbers have no h."""
        if self.credit not in LOCAL_CREDITS:
            return
        halvings = self.max_halvings if self.halve_every else 0
        h = self.readout.n * -WEIGHT_MIN * Y_MAX * self.windows * self.steps
        for i, layer in enumerate(self.hidden, 1):
            largest = h + (1 << (layer.y_shift + halvings))
            if largest >= UV_LIMIT:
                raise UserError(
                    f"layer 'hidden{i}': the credit h can reach {largest}, above {UV_LIMIT - 1} (24 bits); "
                    "use fewer steps, fewer classes or a smaller y_shift")

    @property
    def depth(self) -> int:
        return len(self.hidden)

    @property
    def widths(self) -> tuple[int, ...]:
        """Neurons per layer, input first, readout last."""
        return (self.n_in, *(layer.n for layer in self.hidden), self.readout.n)

    @property
    def layers(self) -> tuple[Hidden | Readout, ...]:
        """The layers with plastic inputs, first hidden layer first, readout last."""
        return (*self.hidden, self.readout)

    def schedule(self, learn: bool = True) -> Schedule:
        """The timeline of one training (or evaluation) sample."""
        return Schedule(len(self.hidden), self.steps, self.windows, self.x_max, self.d_bits, learn)
