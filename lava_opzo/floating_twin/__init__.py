"""The floating-point model as one compiled loop: the real numbers of Lava's floating_pt models, and the other kinds of credit."""
from lava_opzo.floating_twin.engine import evaluate, train

__all__ = ["evaluate", "train"]
