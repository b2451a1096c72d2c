"""Files that are whole or not there: written aside, flushed, renamed into place."""
import contextlib
import glob
import os
from collections.abc import Callable
from pathlib import Path

from lava_opzo.files.system import told

ASIDE = "aside"
"""The ending of a file that is being written, `.NAME.PID.aside`; a killed process may leave one, the next writer removes it."""


def write_whole(path: str | Path, content: bytes) -> None:
    """Write a file aside, flush it to the disk, rename it into place. Raises UserError when that fails; nothing is lost then."""
    write_aside(path, lambda aside: write_flushed(aside, content))


def write_flushed(path: Path, content: bytes) -> None:
    """Write a file as it is and flush it to the disk, for `write_aside`. Raises OSError."""
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_aside(path: str | Path, write: Callable[[Path], object]) -> None:
    """Let `write(aside)` make a file beside `path`, then rename it there: whole or not at all.

    Raises UserError, of one line that names `path`, when the disk refuses; what stood at `path` before stays then.
    """
    path = Path(path)
    aside = path.with_name(f".{path.name}.{os.getpid()}.{ASIDE}")
    with told(f"{path}: cannot be written"):
        try:
            write(aside)
            os.replace(aside, path)
        except BaseException:
            with contextlib.suppress(OSError):
                aside.unlink(missing_ok=True)
            raise
        _sweep_up(path)


def make_folder(owner: str, path: Path) -> None:
    """Make a folder that may be there. Raises UserError that starts with `owner`."""
    with told(f"{owner}: cannot be made"):
        path.mkdir(parents=True, exist_ok=True)


def _sweep_up(path: Path) -> None:
    """Remove what processes that are no more left beside `path`."""
    for litter in path.parent.glob(f".{glob.escape(path.name)}.*.{ASIDE}"):
        pid = litter.suffixes[-2].lstrip(".") if len(litter.suffixes) > 1 else ""
        if pid.isdecimal() and not Path(f"/proc/{pid}").exists():
            with contextlib.suppress(OSError):
                litter.unlink(missing_ok=True)
