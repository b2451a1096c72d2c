"""What a trial is, and how one can end."""
import enum
from collections.abc import Callable
from dataclasses import dataclass

from sim_tests.hostile.place import Place


class Outcome(enum.Enum):
    """How a trial ended; all but the first two are faults of the product."""

    WORKS = "works"
    REFUSED = "refused"
    TRACEBACK = "TRACEBACK"
    HANG = "HANG"
    SILENT = "SILENT CHANGE"
    UNCLEAR = "UNCLEAR"
    """Neither works nor one clear line: two lines of error, none, or other JSON than one line."""

    HARNESS = "HARNESS"
    """A fault of these trials themselves."""


GOOD = (Outcome.WORKS, Outcome.REFUSED)


@dataclass(frozen=True)
class Verdict:
    """How a trial ended, why that was found, the command, and the last line that it printed."""

    outcome: Outcome
    reason: str = ""
    command: str = ""
    said: str = ""


@dataclass(frozen=True)
class Trial:
    """One trial: its kind, what is done to whom, and the function that does it in a place and judges how it ended."""

    kind: str
    what: str
    act: Callable[[Place], Verdict]
    slow: bool = False
    """Whether it takes seconds: a part of the trials leaves it out."""
