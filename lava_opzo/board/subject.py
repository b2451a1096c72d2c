"""What pre-flight looks at: a network, perhaps its weights and some samples, on a board, in a mode."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from lava_opzo.board.mapping import Mapping, mapping_report
from lava_opzo.learning.rules import FEEDBACK, FORWARD, Product
from lava_opzo.network.network import Config
from lava_opzo.network.state import State
from lava_opzo.silicon.boards import Board
from lava_opzo.silicon.limits import LIMITS, Limits


@dataclass(frozen=True)
class Subject:
    """state: weights to check, or None. frames: payloads uint8 (n, rows, n_in) for a measured run of the twin, or None.

    rules: products of each kind of plastic connection. t_epoch: of all of them.
    """

    config: Config
    board: Board
    state: State | None = None
    frames: np.ndarray | None = None
    mode: str = "on-chip"
    limits: Limits = LIMITS
    rules: dict[str, tuple[Product, ...]] = field(default_factory=lambda: {"W": FORWARD, "M": FEEDBACK})
    t_epoch: int = 1

    @cached_property
    def mapping(self) -> Mapping:
        return mapping_report(self.config, self.board, self.mode, self.limits)

    @cached_property
    def measured(self):
        """The twin's `Result` of the samples without noise and learning, or None without samples or weights."""
        if self.frames is None or self.state is None:
            return None
        from lava_opzo.engines.twin.integers.loop import evaluate

        return evaluate(self.config, self.state, self.frames)
