"""One process at a time in a folder: a lock that the system releases when its holder dies, and that names the holder."""
import contextlib
import fcntl
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from lava_opzo.errors import UserError
from lava_opzo.files.system import as_line, told

NAME = ".lock"


@contextlib.contextmanager
def held(owner: str, folder: Path) -> Iterator[int]:
    """Hold a folder; yields a descriptor that keeps holding it in every process that inherits it.

    Raises UserError that begins with `owner` and names the process that holds it.
    """
    with told(f"{owner}: cannot be locked"):
        file = open(folder / NAME, "a+", buffering=1, errors="replace")  # noqa: SIM115, closed below
    with contextlib.closing(file):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = " ".join(file.read(200).split()) or "another process"
            raise UserError(f"{owner}: {holder} is at work in it; wait for it or stop it") from None
        except OSError as error:  # a disk without locks
            raise as_line(error, f"{owner}: cannot be locked") from None
        with told(f"{owner}: cannot be locked"):
            file.truncate(0)
            file.write(f"process {os.getpid()} on {socket.gethostname()}\n")
            file.flush()
        yield file.fileno()
