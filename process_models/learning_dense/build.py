"""Stock `LearningDense` with a rule of lava_opzo.learning.rules, as every plastic connection of this project is built, and the
stock `Dense` that a connection without a rule is."""
import numpy as np
from lava.proc.dense.process import Dense, LearningDense
from lava.utils.weightutils import SignMode

from lava_opzo.learning import rules
from lava_opzo.silicon.profile import STOCK_LAVA, Profile


def learning_dense(weights: np.ndarray, products: tuple[rules.Product, ...], num_message_bits: int, profile: Profile = STOCK_LAVA,
                   rail_touches: np.ndarray | None = None, name: str | None = None,
                   tag: np.ndarray | None = None) -> LearningDense:
    """A plastic connection with mixed-sign weights that learns by `products`; tag: the synaptic variable t of those that have it.

    num_message_bits: 0 for binary spikes. profile, rail_touches: for the event-driven model. After a touch of an odd rail a
    weight stays odd; with 8 bits and a sign stock Lava would truncate it at the start, with 9 it does not.

    Shapes:
        weights, tag: (n_post, n_pre). rail_touches: int64 (1,).
    """
    return LearningDense(weights=weights, learning_rule=rules.learning_rule(products), num_message_bits=num_message_bits,
                         sign_mode=SignMode.MIXED, num_weight_bits=_bits(weights, profile), profile=profile,
                         rail_touches=rail_touches, tag_1=tag, name=name)


def static_dense(weights: np.ndarray, num_message_bits: int, profile: Profile = STOCK_LAVA, name: str | None = None) -> Dense:
    """A connection with mixed-sign weights and no rule, for a layer that is frozen.

    Shapes:
        weights: (n_post, n_pre).
    """
    return Dense(weights=weights, num_message_bits=num_message_bits, sign_mode=SignMode.MIXED,
                 num_weight_bits=_bits(weights, profile), name=name)


def _bits(weights: np.ndarray, profile: Profile) -> int:
    odd = profile.makes_odd and np.issubdtype(weights.dtype, np.integer) and bool((weights & 1).any())
    return 9 if odd else 8
