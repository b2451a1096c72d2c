"""The kinds of credit: where the third factor of a hidden layer comes from."""
from lava_opzo.errors import UserError

CREDITS = ("opzo", "dfa", "backprop", "single-point")
"""Where a hidden layer's third factor comes from: M that learns, M that stays random, weights above, the loss alone (lava_opzo.experiment.credit_kinds)."""


LOCAL_CREDITS = ("opzo", "dfa")
"""The kinds that a neuron can have from its own feedback connections: what Lava's rules, the integer engines and a chip can do."""


def require_local(credit: str) -> None:
    """Raise UserError for a kind of credit that is not among LOCAL_CREDITS."""
    if credit not in LOCAL_CREDITS:
        raise UserError(f"credit '{credit}' needs more than a third factor, so that no integer engine, no Lava rule and no chip has it; "
                        f"choose one of {', '.join(LOCAL_CREDITS)}, or compare with it in --engine twin --model floating_pt")
