"""What reaches a user as one line: exceptions with their exit codes, the one warning, and the check of a number."""
import math

INTERRUPTED = 130
"""Exit code of a job that was interrupted and can be resumed: 128 + SIGINT, as a shell reports it."""

TERMINATED = 143
"""Exit code after SIGTERM where there was nothing to save: 128 + SIGTERM."""

CRASHED = 70
"""Exit code of a fault of this program itself, which leaves a report (sysexits.h: an internal software error)."""

DIFFERENCE = 1
"""Exit code where a comparison found a difference or a member of a sweep failed."""

SHOWN = 60
"""Most characters of a user's value in a message."""


class UserError(Exception):
    """Something the user can mend; the message names the object, the value, the limit and the next step."""

    exit_code = 2


class NoBoardError(UserError):
    """A board was asked for and INRC's software for it is not here."""

    exit_code = 3


class SimulationError(UserError):
    """A Lava process failed or stopped answering; details: what it printed, its traceback among it, for a report."""

    exit_code = 4

    def __init__(self, message: str, details: str = ""):
        super().__init__(message)
        self.details = details


class DoesNotFitError(UserError):
    """The network does not fit the board."""

    exit_code = 5


class SystemRefusedError(UserError):
    """The machine has no more of something: disk, memory, open files, or the right to write."""

    exit_code = 6


def not_installed(owner: str, package: str, extra: str) -> UserError:
    """What to raise where a library of an extra is missing."""
    return UserError(f"{owner}: {package} is not installed; in the folder of the project, install it with: "
                     f".venv/bin/pip install -c constraints.txt -e '.[{extra}]'")


EXIT_CODES = {
    0: "done",
    DIFFERENCE: "a difference was found, or a member of a sweep failed",
    UserError.exit_code: "something in the command, a file or the data must be mended; one line says what",
    NoBoardError.exit_code: "a board was asked for and lava-loihi is not here",
    SimulationError.exit_code: "a process of Lava's failed or stopped answering",
    DoesNotFitError.exit_code: "the network does not fit the board",
    SystemRefusedError.exit_code: "the machine refused: disk full or read-only, no memory, no right to write",
    CRASHED: "a fault of this program; one line, and a report to send",
    INTERRUPTED: "interrupted (Ctrl-C); a training has saved and can be resumed",
    TERMINATED: "ended by SIGTERM where there was nothing to save",
}
"""Every exit code of the command line and what it means (docs/reliability.md)."""


class RangeWarning(UserWarning):
    """A variable of a population left its range (lava_opzo.engines.largest); an error in the tests (pyproject.toml)."""


class LearningWarning(UserWarning):
    """It is doubtful that a network learns: a layer is silent or busy, or answers are no better than chance (runs/doubts.py)."""


class FileWarning(UserWarning):
    """A file was read or written in part: what is missing is named, and nothing that was learned is."""


def shown(value: object) -> str:
    """A user's value for a message, cut where it is long."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}... ({len(text)} characters)"


def check_range(owner: str, name: str, value: object, low: float, high: float, hint: str) -> None:
    """Raise UserError for a value that is no finite number in low..high; hint: why, and what to do."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or isinstance(value, float) and not math.isfinite(value):
        raise UserError(f"{owner}: {name} {shown(value)} is not a number; the range is {low}..{high} {hint}")
    if not low <= value <= high:
        raise UserError(f"{owner}: {name} {shown(value)} is outside {low}..{high} {hint}")
