"""Listing a folder of a data set."""
from pathlib import Path

from lava_opzo.errors import UserError


def visible(folder: Path) -> list[Path]:
    """The entries of a folder in order, without those that begin with a dot (file managers leave such).

    Raises UserError when the folder cannot be read.
    """
    try:
        return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        raise UserError(f"{folder} cannot be read ({error.strerror}); expected a folder of the data set") from None
