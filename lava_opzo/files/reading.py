"""Whole files from a user: only regular ones, none larger than what it can be, every fault one line."""
import os
import stat
from pathlib import Path

from lava_opzo.errors import UserError
from lava_opzo.files.system import told

TEXT_BYTES = 1 << 21
"""More than any configuration has."""


def check_file(owner: str, path: str | Path, limit: int | None = None) -> int:
    """The size of a regular file in bytes. Raises UserError that begins with `owner` for anything else, or for more than `limit`.

    A named pipe or a device, which a reader would wait for or never come to the end of, is never opened.
    """
    with told(f"{owner} {path}: cannot be read"):
        try:
            found = os.stat(path)
        except ValueError as error:  # a NUL in the name
            raise UserError(f"{owner} {str(path)!r}: cannot be read: {error}; check the path") from None
    if stat.S_ISDIR(found.st_mode):
        raise UserError(f"{owner} {path}: is a folder; give a file")
    if not stat.S_ISREG(found.st_mode):
        raise UserError(f"{owner} {path}: is a pipe, a socket or a device; give a regular file")
    if limit is not None and found.st_size > limit:
        raise UserError(f"{owner} {path}: {found.st_size} bytes are above {limit}, the most that such a file can have; "
                        "check that it is the right file")
    return found.st_size


def read_bytes(owner: str, path: str | Path, limit: int | None = None) -> bytes:
    """The content of a regular file. Raises UserError that begins with `owner`."""
    check_file(owner, path, limit)
    with told(f"{owner} {path}: cannot be read"):
        return Path(path).read_bytes()


def read_text(owner: str, path: str | Path, limit: int = TEXT_BYTES) -> str:
    """The content of a regular file of UTF-8 text. Raises UserError that begins with `owner`."""
    content = read_bytes(owner, path, limit)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise UserError(f"{owner} {path}: byte {error.start} is no UTF-8 text; give a text file") from None
