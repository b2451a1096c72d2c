"""Files that are whole or not there: written aside, flushed, renamed into place."""
import os
from pathlib import Path

from lava_opzo.errors import UserError


def write_whole(path: str | Path, content: bytes) -> None:
    """Write a file aside, flush it to the disk, rename it into place. Raises UserError when that fails; nothing is lost then."""
    path = Path(path)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(aside, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise UserError(f"{path}: cannot be written: {error}; free space or choose another folder") from None


def make_folder(owner: str, path: Path) -> None:
    """Make a folder that may be there. Raises UserError that starts with `owner`."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{owner}: cannot be made: {error}; choose another --out") from None
