"""What kinds of trials are made from: the house and the known outcomes of undisturbed jobs."""
from dataclasses import dataclass
from pathlib import Path

from sim_tests.hostile.place import Known


@dataclass(frozen=True)
class Prepared:
    """house: its folder. known: the outcomes of jobs by their names."""

    house: Path
    known: dict[str, Known]
