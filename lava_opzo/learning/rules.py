"""The learning rules of all plastic connections, as `Loihi3FLearningRule` in form A: sums of products that need no rounding.

A product of factors with widths w_f is shifted right by max(0, sum(w_f) + 4 - 15) in stock Lava's fixed-point model and not at
all in its floating-point model (lava/magma/core/learning/learning_rule_applier.py). With one 7-bit factor nothing is shifted, so
that both models share the rule of W. The decay of M has two factors: in integers its trace y3 makes up for the shift, in real
numbers y3 is the share that decays (`Numbers.decay_trace`).
"""
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lava.magma.core.learning.learning_rule import Loihi3FLearningRule

MANTISSA_BITS, ACCUMULATOR_BITS = 4, 15
FACTOR_BITS = {"y1": 7, "y2": 7, "y3": 7, "sgn(w)": 9, "t": 9}
SCALE_EXPONENT = 1
"""k of the factor 2^k: every change is even, so that the step of a mixed-sign weight on the chip is kept."""

NO_DECAY = 2 ** 60
"""A time constant whose decay factor is exactly 1.0; the default of Loihi3FLearningRule (65535) is not."""


@dataclass(frozen=True)
class Product:
    """sign * 2^k * dependency * factors, one term of dw."""

    sign: str
    dependency: str
    factors: tuple[str, ...]

    @property
    def shift(self) -> int:
        """The bits that the fixed-point model drops: max(0, sum of factor widths + 4 - 15)."""
        return max(0, sum(FACTOR_BITS[factor] for factor in self.factors) + MANTISSA_BITS - ACCUMULATOR_BITS)

    def __str__(self) -> str:
        return "*".join([f"{self.sign}2^{SCALE_EXPONENT}", self.dependency, *self.factors])


FORWARD = (Product("", "x0", ("y1",)), Product("-", "x0", ("y2",)))
"""The rule of W: a pre-synaptic spike adds 2*y1 - 2*y2."""

MASKED_FORWARD = tuple(Product(one.sign, one.dependency, (*one.factors, "t")) for one in FORWARD)
"""The rule of W where the tag t says which synapses exist: stock Lava's form of local weights in a dense matrix.

`LearningSparse` drops weights that start at 0, so that no state with a zero could be resumed in it; a tag keeps them.
"""

TAGS = {"fixed": 1 << MASKED_FORWARD[0].shift, "real": 1}
"""The tag of a synapse that exists, by number system; 0 of all others. In integers it makes up for the shift of the product."""

FEEDBACK = (*FORWARD, Product("-", "u0", ("sgn(w)", "y3")))
"""The rule of M: as W, and y3 takes one step (two units) off the magnitude of a whole row."""

REAL_FEEDBACK = (*FORWARD, Product("-", "u0", ("w", "y3")))
"""The rule of M in real numbers, where no rail bounds it: y3 takes a share off a whole row, the momentum of the paper."""

FEEDBACKS = {"fixed": FEEDBACK, "real": REAL_FEEDBACK}
"""The rule of M by number system."""


def dw(products: tuple[Product, ...]) -> str:
    """The products as a dw string of Lava."""
    return " ".join(map(str, products)).replace(" -", " - ")


def learning_rule(products: tuple[Product, ...], rng_seed: int = 1) -> "Loihi3FLearningRule":
    """A fresh rule object; LearningDense may change it, so that every connection needs its own.

    t_epoch is 1: the products see the spikes and traces of the same time step. No product rounds, so that rng_seed has no effect
    on the result.
    """
    from lava.magma.core.learning.learning_rule import Loihi3FLearningRule

    rule = Loihi3FLearningRule(dw=dw(products), x1_tau=NO_DECAY, x2_tau=NO_DECAY, t_epoch=1, rng_seed=rng_seed)
    rule.y1_tau = rule.y2_tau = rule.y3_tau = NO_DECAY
    return rule
