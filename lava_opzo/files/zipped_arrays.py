"""Several arrays in one .npz file, read strictly: names, types and sizes are checked before anything is unpacked."""
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

import numpy as np

from lava_opzo.errors import UserError, shown
from lava_opzo.files.memory import MOST_BYTES, check_size
from lava_opzo.files.npy import Header, read_content, read_header
from lava_opzo.files.reading import check_file
from lava_opzo.files.system import told

ENDING = ".npy"
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What numpy.savez and numpy.savez_compressed write."""

ENCRYPTED = 1
"""The bit of a member's flags that says that it needs a password."""

MOST_RATIO = 1032
"""One byte of deflate unpacks to no more bytes than this (zlib.net/zlib_tech.html)."""

MOST_MEMBERS = 4096

FAULTS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError, OverflowError, LookupError, TypeError)
"""What zipfile and zlib raise at archives that are damaged."""

Wanted = Callable[[Mapping[str, Header]], None]
"""wanted(headers by name) raises UserError for what is not expected, before anything is unpacked."""


def load(owner: str, path: str | Path, wanted: Wanted) -> dict[str, np.ndarray]:
    """The arrays by name. Raises UserError that begins with `owner` and names the file, the array and the fault.

    Only plain numbers are read, never a pickle. What a member declares must be what its header says and what deflate can hold,
    and all of them together must fit the memory.
    """
    named = f"{owner} {path}"
    check_file(owner, path, MOST_BYTES)
    try:
        with told(f"{named}: cannot be read"), zipfile.ZipFile(path) as archive:
            members = _members(named, archive)
            headers = {}
            for name, info in members.items():
                with archive.open(info) as member:
                    headers[name] = read_header(f"{named}: array '{name}'", member.read)
                if headers[name].size + headers[name].n_bytes != info.file_size:
                    _refuse(named, f"array '{name}' has {info.file_size} bytes, its header says "
                                   f"{headers[name].size + headers[name].n_bytes}")
            check_size(named, sum(header.n_bytes for header in headers.values()))
            wanted(headers)
            return {name: _content(f"{named}: array '{name}'", archive, info) for name, info in members.items()}
    except FAULTS as error:
        _refuse(named, " ".join(str(error).split()) or type(error).__name__)


def _members(named: str, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The members by the names of their arrays, none of them larger than its packed bytes can be."""
    found = archive.infolist()
    if len(found) > MOST_MEMBERS:
        _refuse(named, f"it has {len(found)} members, above {MOST_MEMBERS}")
    members = {}
    for info in found:
        name = info.filename.removesuffix(ENDING)
        said = shown(info.filename)
        if not info.filename.endswith(ENDING) or not name.isprintable() or name in members:
            _refuse(named, f"its member {said!r} is no array or there twice")
        if info.compress_type not in PACKINGS or info.flag_bits & ENCRYPTED:
            _refuse(named, f"its member {said!r} is packed in a way that numpy does not write")
        if info.file_size > MOST_RATIO * (info.compress_size + 1):
            _refuse(named, f"its member {said!r} says {info.file_size} bytes, which {info.compress_size} packed ones cannot hold")
        members[name] = info
    return members


def _content(owner: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> np.ndarray:
    with archive.open(info) as member:
        array = read_content(owner, member.read, read_header(owner, member.read))
        member.read(1)  # the end, where zipfile compares the checksum
        return array


def _refuse(named: str, reason: str) -> NoReturn:
    raise UserError(f"{named}: cannot be read: {reason}; take an undamaged copy or write it again with numpy.savez") from None
