"""Paths and folders of a data set, as a user gives them."""
import os
from pathlib import Path

from lava_opzo.errors import UserError, shown
from lava_opzo.files.system import told


def user_path(name: str, path: str | Path) -> Path:
    """A path with ~ replaced by a home folder. Raises UserError where there is no such user, or for what no path can be."""
    if "\0" in str(path):
        raise UserError(f"data set '{name}': path {shown(str(path))!r} holds a NUL; correct it")
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise UserError(f"data set '{name}': path {shown(str(path))!r} names a user that is not known here; correct it") from None


def is_folder(path: Path) -> bool:
    """Whether there is a folder that can be looked into from here; False for anything else, a path that is too long included."""
    return os.path.isdir(path)


def visible(folder: Path) -> list[Path]:
    """The entries of a folder in order, without those that begin with a dot (file managers leave such).

    Raises UserError when the folder cannot be read.
    """
    with told(f"data folder {folder}: cannot be read"):
        return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
