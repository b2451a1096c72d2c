"""The numba engine: the whole network in one compiled loop, the same bits as the Lava graph, thousands of times faster."""
from lava_opzo.twin.engine import Result, evaluate, train

__all__ = ["Result", "evaluate", "train"]
