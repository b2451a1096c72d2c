"""What went wrong in the processes of a network: one line each, and the traceback beside it."""
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lava_opzo.engines.lava import memory
from lava_opzo.errors import SimulationError


@dataclass(frozen=True)
class Failure:
    """One process that failed: what happened in one line, and all that it said of it.

    is_cause: False for a process that ended in order and too early, as all others do once one has failed.
    """

    line: str
    details: str = ""
    is_cause: bool = True


def failures(runtime: Any) -> list[Failure]:
    """The processes of a network that have failed so far, in the order in which Lava started them."""
    infrastructure = runtime._messaging_infrastructure
    found = [failure for actor in infrastructure.actors for failure in _of_actor(actor)]
    if not memory.is_alive(infrastructure._smm):
        found.append(Failure("the process that keeps its shared memory died (killed, or out of memory)"))
    return found


def raised(error: BaseException, trace: str) -> Failure:
    """An exception of a process model as a failure; trace: its traceback as text, empty where there is none."""
    first = next(iter(str(error).splitlines()), "")
    frames = [line.strip() for line in trace.splitlines() if line.strip().startswith("File ")]
    return Failure(f"{type(error).__name__}{f': {first}' if first else ''}{_place(frames[-1]) if frames else ''}", trace)


def as_error(found: list[Failure]) -> SimulationError:
    """The error for what failed: its line has the first failure and the number of others, its details have all.

    A process that said why it failed comes before those that only ended, which may be its consequence.
    """
    found = sorted(found, key=lambda failure: (not failure.details, not failure.is_cause))
    others = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    details = "\n".join(failure.details or failure.line for failure in found)
    return SimulationError(f"a Lava process failed: {found[0].line}{others}; run it again, from the last checkpoint if there is "
                           "one", details)


def _of_actor(actor: Any) -> list[Failure]:
    ended = not actor._is_done and not actor.is_alive()  # asked first: what a process said before it ended can be read then
    try:
        exception = actor.exception
    except Exception as error:  # an exception that cannot be taken apart and put together again
        return [Failure(f"its exception cannot be passed on ({type(error).__name__})", traceback.format_exc())]
    if exception:
        return [raised(*exception)]
    if ended and actor.exitcode == 0:
        return [Failure(f"process {actor.pid} ended before the network did and does not say why", is_cause=False)]
    return [Failure(f"process {actor.pid} died with exit code {actor.exitcode} (killed, or out of memory)")] if ended else []


def _place(frame: str) -> str:
    """Where, from a line `File "path", line N, in function` of a traceback."""
    path, _, rest = frame.removeprefix('File "').partition('", ')
    return f" ({Path(path).name}, {rest})"
