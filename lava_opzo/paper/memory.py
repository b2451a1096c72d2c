"""Whether a network can be held at all, asked before it is built, and torch's lack of memory as one line."""
import contextlib
from collections.abc import Iterator
from math import prod

from lava_opzo.errors import SystemRefusedError, UserError, shown
from lava_opzo.files.memory import check_size
from lava_opzo.files.system import out_of_memory
from lava_opzo.paper.layers import Shape, parsed
from lava_opzo.paper.network import PRECISION
from lava_opzo.paper.setup import WITH_FEEDBACK, Setup

LACKS = ("allocate memory", "out of memory", "enough memory", "bad_alloc", "calculation overflowed", "multiplication overflow")
"""Words by which a lack of memory is told from other faults of torch, which has no class of its own for it on a processor."""


def check_held(setup: Setup, shape: Shape, n_out: int) -> None:
    """Raise SystemRefusedError where weights and M of a network are more than can be held. shape: of the input."""
    *hidden, top = parsed(setup.hidden, shape, n_out)
    weights = sum(layer.shape[0] * layer.fan_in for layer in [*hidden, top])
    if setup.local:
        weights += n_out * sum(layer.shape[0] for layer in hidden)
    taught = [*hidden, *hidden[:max(0, setup.relay - 1)]] if setup.credit in WITH_FEEDBACK else []
    n_bytes = PRECISION[setup.precision].itemsize * (weights + n_out * sum(prod(layer.shape) for layer in taught))
    try:
        check_size("paper", n_bytes)
    except UserError:
        raise SystemRefusedError(f"paper: weights and M of hidden '{shown(setup.hidden)}' are {n_bytes} bytes, more than can be "
                                 "held here; free memory or choose smaller layers") from None


@contextlib.contextmanager
def told(setup: Setup) -> Iterator[None]:
    """Inside, a lack of memory becomes a UserError of one line that names the layers and the batch."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and not any(words in str(error) for words in LACKS):
            raise
        what = MemoryError(f"hidden '{shown(setup.hidden)}', batch {setup.batch}")
        raise out_of_memory(what, "paper") from None
