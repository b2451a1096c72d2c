"""What reaches a user as one line: exceptions with their exit codes, the one warning, and the check of a number."""
import math

INTERRUPTED = 130
"""Exit code of a job that was interrupted and can be resumed: 128 + SIGINT, as a shell reports it."""


class UserError(Exception):
    """Something the user can mend; the message names the object, the value, the limit and the next step."""

    exit_code = 2


class SimulationError(UserError):
    """A Lava process failed or stopped answering; the message carries the traceback of the process that failed."""

    exit_code = 4


class NoBoardError(UserError):
    """A board was asked for and INRC's software for it is not here."""

    exit_code = 3


class DoesNotFitError(UserError):
    """The network does not fit the board."""

    exit_code = 5


class RangeWarning(UserWarning):
    """A variable of a population left its range (lava_opzo.engines.largest); an error in the tests (pyproject.toml)."""


def check_range(owner: str, name: str, value: object, low: float, high: float, hint: str) -> None:
    """Raise UserError for a value that is no finite number in low..high; hint: why, and what to do."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise UserError(f"{owner}: {name} {value!r} is not a number; the range is {low}..{high} {hint}")
    if not low <= value <= high:
        raise UserError(f"{owner}: {name} {value} is outside {low}..{high} {hint}")
