"""Files that are made new: whole, and never in the place of another."""
import os
from pathlib import Path

from lava_opzo.errors import UserError
from lava_opzo.files.system import told
from lava_opzo.files.whole import write_whole


def refuse_existing(path: str | Path) -> None:
    """Raise UserError where something, even a link that leads nowhere, has this name."""
    with told(f"{path}: cannot be written"):
        if os.path.lexists(path):
            raise UserError(f"{path}: exists; choose a new file name")


def write_new(path: str | Path, content: bytes) -> None:
    """Write a file that is not there yet. Raises UserError where one is, and where the disk refuses; nothing is left then."""
    refuse_existing(path)
    write_whole(path, content)
