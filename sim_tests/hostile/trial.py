"""What a trial is, and how one can end."""
import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
class Ended:
    """A finished command: its exit code (negative: killed by that signal), what it printed, how long it took, whether it was
    killed at its time limit, and whether processes of its group outlived it."""

    command: tuple[str, ...]
    code: int
    output: str
    errors: str
    seconds: float
    timed_out: bool = False
    orphans: bool = False


@dataclass(frozen=True)
class Job:
    """A command whose undisturbed outcome is known.

    parts: files and folders of the house that it needs. learned: the run folder whose weights and metrics it makes or goes on
    with, "" for none. writes: patterns of files in the house that it may replace. grows: the same for files that it may only add
    to. same: patterns of files that it makes and that must not differ. loose: keys of its JSON that may differ between two
    undisturbed calls. fails: whether exit code 1 is an answer of its own, as of a sweep one of whose members failed.
    """

    name: str
    arguments: tuple[str, ...]
    parts: tuple[str, ...]
    learned: str = ""
    writes: tuple[str, ...] = ()
    grows: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    loose: tuple[str, ...] = ("seconds", "samples_per_s")
    fails: bool = False


@dataclass(frozen=True)
class Trial:
    """One trial: its kind, what is done to whom, and the function that does it in a place and judges how it ended."""

    kind: str
    what: str
    act: Callable[["Place"], Verdict]
    slow: bool = False
    """Whether it takes seconds: a part of the trials leaves it out."""
