"""What data sets that need no file refuse: a path, and options outside their ranges."""
from pathlib import Path

from lava_opzo.errors import UserError

MOST_SAMPLES, MOST_STEPS = 100_000, 1024

DRAWN = "it is drawn from its seed"
"""Why a set of samples that are made up needs no path."""


def refuse_path(name: str, path: str | Path | None, why: str) -> None:
    """Raise UserError for a path that a data set without files is given; why: where its samples come from."""
    if path is not None:
        raise UserError(f"data set '{name}' needs no path, got {path}; {why}. Leave the path out")


def check(name: str, **options: tuple[int, int, int]) -> None:
    """Raise UserError for an option (value, smallest, largest) outside its range."""
    for option, (value, low, high) in options.items():
        if not low <= value <= high:
            raise UserError(f"data set '{name}': {option} {value} is outside {low}..{high}; choose another number")
