"""The steps of one sample when only its forward windows run in Lava.

Step 0 is idle: after it the new weights are written. Population l (0 the input, depth + 1 the readout) has its windows in the
steps 1 + l .. l + windows*K, one step after the population below, because a Dense delays by one step. Before the first step of
each of its windows its membrane is set to 0 and its bias to the noise of that window; so nothing that a population does outside
its windows reaches a window of the next one. Where the noise turns its sign within a window, the bias is set at every turn, too.
"""
from dataclasses import dataclass

from lava_opzo.network.network import Network


@dataclass(frozen=True)
class ForwardSchedule:
    """When the host reads and writes during a sample.

    depth: hidden populations. steps: K of a window. turn_every: of `Learning`. tau is the step of the sample, a row a step of the
    windows of a population, 0..windows*K-1. A stretch is what has one sign of the noise: a window, or the steps between turns.
    """

    depth: int
    steps: int
    turn_every: int = 0

    @classmethod
    def of(cls, network: Network) -> "ForwardSchedule":
        """That of a network."""
        return cls(network.depth, network.learning.steps, network.learning.turn_every)

    def length(self, windows: int) -> int:
        """Time steps of one sample."""
        return 2 + self.depth + windows * self.steps

    def row(self, population: int, tau: int, windows: int) -> int | None:
        """The row that the population is in, or None."""
        row = tau - 1 - population
        return row if 0 <= row < windows * self.steps else None

    @property
    def _longest(self) -> int:
        """Steps of a stretch; the last one of a window may have fewer."""
        return self.turn_every or self.steps

    def stretches(self, windows: int) -> int:
        """Stretches of so many windows."""
        return windows * -(-self.steps // self._longest)

    def stretch(self, row: int) -> int:
        """The number of the stretch that a row lies in; the noise of those with even numbers has the sign +, that of others -."""
        return self.stretches(row // self.steps) + row % self.steps // self._longest

    def starting(self, tau: int, windows: int) -> list[tuple[int, int]]:
        """(population, row) of the stretches that begin in the step after tau."""
        rows = ((population, self.row(population, tau + 1, windows)) for population in range(1, self.depth + 2))
        return [(population, row) for population, row in rows if row is not None and self._begins(row)]

    def finished(self, tau: int, windows: int) -> int | None:
        """The stretch whose last step the readout has just done, or None."""
        row = self.row(self.depth + 1, tau, windows)
        return self.stretch(row) if row is not None and self._begins(row + 1) else None

    def exchanges(self, tau: int, windows: int) -> bool:
        """Whether the host reads or writes a state after this step."""
        return tau == 0 or bool(self.starting(tau, windows)) or self.finished(tau, windows) is not None

    def _begins(self, row: int) -> bool:
        return row % self.steps % self._longest == 0
