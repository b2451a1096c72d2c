"""What reaches a user as one line: the one exception, with its exit code, and the one warning."""


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
    """A variable of a layer left its range (lava_opzo.engines.largest); an error in the tests (pyproject.toml)."""


INTERRUPTED = 130
