"""When a running training saves: often enough that little is lost, seldom enough that it costs next to nothing."""
import contextlib
import time
from collections.abc import Callable, Iterator

SECONDS = 10.0
"""A running training saves after so many seconds, unless a save costs more than one part in RATIO of them."""

RATIO = 50
"""Saving takes at most one part in so many of the time of a run: 2 %."""


class Pace:
    """Says when the next save is due. clock: seconds, for a test to give."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._ended, self._cost = clock(), 0.0

    @property
    def due(self) -> bool:
        """Whether SECONDS, and RATIO times what the last save took, have passed since it."""
        return self._clock() - self._ended >= max(SECONDS, RATIO * self._cost)

    @contextlib.contextmanager
    def saving(self, read: float = 0.0) -> Iterator[None]:
        """Around a save: measures it. read: seconds that the reading of the state from its engine took before, which count."""
        begun = self._clock()
        yield
        self._ended = self._clock()
        self._cost = self._ended - begun + read
