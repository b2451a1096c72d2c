"""Stock `LearningDense` with a rule of lava_opzo.learning.rules, as every plastic connection of this project is built."""
import numpy as np
from lava.proc.dense.process import LearningDense
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
    odd = profile.makes_odd and np.issubdtype(weights.dtype, np.integer) and bool((weights & 1).any())
    return LearningDense(weights=weights, learning_rule=rules.learning_rule(products), num_message_bits=num_message_bits,
                         sign_mode=SignMode.MIXED, num_weight_bits=9 if odd else 8, profile=profile, rail_touches=rail_touches,
                         tag_1=tag, name=name)
