"""The steps of one sample when only its forward windows run in Lava.

Step 0 is idle: after it the new weights are written. Population l (0 the input, depth + 1 the readout) has its windows in the
steps 1 + l .. l + windows*K, one step after the population below, because a Dense delays by one step. Before the first step of
each of its windows its membrane is set to 0 and its bias to the noise of that window; so nothing that a population does outside
its windows reaches a window of the next one.
"""
from dataclasses import dataclass


@dataclass(frozen=True)
class ForwardSchedule:
    """When the host reads and writes during a sample.

    depth: hidden populations. steps: K of a window. All methods take tau, the step of the sample, and the number of windows.
    """

    depth: int
    steps: int

    def length(self, windows: int) -> int:
        """Time steps of one sample."""
        return 2 + self.depth + windows * self.steps

    def row(self, population: int, tau: int, windows: int) -> int | None:
        """Which step of its windows (0..windows*K-1) the population is in, or None."""
        row = tau - 1 - population
        return row if 0 <= row < windows * self.steps else None

    def starting(self, tau: int, windows: int) -> list[tuple[int, int]]:
        """(population, window) of the windows that begin in the step after tau."""
        rows = ((population, self.row(population, tau + 1, windows)) for population in range(1, self.depth + 2))
        return [(population, row // self.steps) for population, row in rows if row is not None and row % self.steps == 0]

    def finished(self, tau: int, windows: int) -> int | None:
        """The window whose last step the readout has just done, or None."""
        row = self.row(self.depth + 1, tau, windows)
        return row // self.steps if row is not None and row % self.steps == self.steps - 1 else None

    def exchanges(self, tau: int, windows: int) -> bool:
        """Whether the host reads or writes a state after this step."""
        return tau == 0 or bool(self.starting(tau, windows)) or self.finished(tau, windows) is not None
