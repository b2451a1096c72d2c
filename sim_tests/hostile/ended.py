"""A command whose undisturbed outcome is known, and how one ended."""
from dataclasses import dataclass


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
