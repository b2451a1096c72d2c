"""A line at the end of the files that are exported here: the sha256 of all before it.

HDF5 has no checksum of its own where others read it, and does not look at what follows its last byte. A bit that flipped anywhere
is noticed before the library sees it; a file without the line, as of another tool, is taken as it is.
"""
import hashlib
import re

from lava_opzo.errors import UserError

BEGIN = b"\nlava-opzo: sha256 of all before this line "
LINE = re.compile(re.escape(BEGIN) + rb"([0-9a-f]{64})\n")
LENGTH = len(BEGIN) + 64 + 1


def sealed(content: bytes) -> bytes:
    """The content with its line."""
    return content + BEGIN + hashlib.sha256(content).hexdigest().encode() + b"\n"


def check(name: str, content: bytes) -> None:
    """Raise UserError for a file whose line is not that of its content."""
    found = LINE.fullmatch(content[-LENGTH:])
    if found and hashlib.sha256(content[:-LENGTH]).hexdigest().encode() != found[1]:
        raise UserError(f"{name}: is damaged (its sha256 differs); export it again")
