"""Arrays in numpy's .npy form: its header is read strictly, and believed only as far as the bytes behind it reach."""
import math
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np

from lava_opzo.errors import UserError, shown
from lava_opzo.files.memory import MOST_BYTES, check_size
from lava_opzo.files.reading import check_file
from lava_opzo.files.system import told

MAGIC = b"\x93NUMPY"
LENGTHS = {1: "<H", 2: "<I", 3: "<I"}
"""Version of the form -> how the length of its header is written."""

MOST_HEADER = 4096
"""More bytes than the header of a plain array has."""

MOST_DIMENSIONS = 8

HEADER = re.compile(r"\{\s*'descr'\s*:\s*'([^']*)'\s*,\s*'fortran_order'\s*:\s*(True|False)\s*,"
                    r"\s*'shape'\s*:\s*\(([^()]*)\)\s*,?\s*\}\s*")
"""What numpy writes for a plain array; records, which have a list of fields, are not among them."""

SIZES = re.compile(r"(\s*\d{1,19}L?\s*(,|$))*\s*")
"""A shape: whole numbers with commas, as Python writes it (Python 2 with an L)."""

PLAIN = re.compile(r"[<>|=]?(b1|[iu][1248]|f[248])")
"""Types of numbers. Objects, texts and records are none; reading an object would run a pickle."""

CHUNK = 1 << 20

Read = Callable[[int], bytes]
"""read(n): the next n bytes, fewer at the end."""


@dataclass(frozen=True)
class Header:
    """What a .npy form says of its array. size: bytes of the header itself."""

    dtype: np.dtype
    fortran: bool
    shape: tuple[int, ...]
    size: int

    @property
    def n_bytes(self) -> int:
        """Bytes that must follow."""
        return math.prod(self.shape) * self.dtype.itemsize


def read_header(owner: str, read: Read) -> Header:
    """The header that comes next. Raises UserError that begins with `owner` for anything but a plain array of numbers."""
    start = read(8)
    if len(start) < 8 or start[:6] != MAGIC or start[6] not in LENGTHS:
        _refuse(owner, f"it begins with {start.hex() or 'nothing'}, which is no array of numpy")
    packed = read(struct.calcsize(LENGTHS[start[6]]))
    length = struct.unpack(LENGTHS[start[6]], packed)[0] if len(packed) == struct.calcsize(LENGTHS[start[6]]) else 0
    text = read(length).decode("latin-1") if 0 < length <= MOST_HEADER else ""
    found = HEADER.fullmatch(text) if len(text) == length else None
    if found is None:
        _refuse(owner, f"its header {shown(text.strip() or 'of no possible length')!r} is not that of one array of numbers")
    kind, order, sizes = found.groups()
    if not SIZES.fullmatch(sizes):
        _refuse(owner, f"its shape {shown(sizes)!r} is not one of whole numbers")
    if not PLAIN.fullmatch(kind):
        _refuse(owner, f"its type {shown(kind)!r} is not one of numbers")
    shape = tuple(int(size.strip().rstrip("L")) for size in sizes.split(",") if size.strip())
    if len(shape) > MOST_DIMENSIONS or math.prod(max(1, size) for size in shape) > MOST_BYTES:
        _refuse(owner, f"its shape {shown(shape)} is above {MOST_DIMENSIONS} dimensions or {MOST_BYTES} numbers")
    return Header(np.dtype(kind), order == "True", shape, 8 + len(packed) + length)


def read_content(owner: str, read: Read, header: Header) -> np.ndarray:
    """The array behind its header. Raises UserError that begins with `owner` where bytes are missing."""
    flat = np.empty(math.prod(header.shape), header.dtype)
    target, filled = flat.view(np.uint8).data, 0
    while filled < header.n_bytes:
        part = read(min(CHUNK, header.n_bytes - filled))
        if not part:
            _refuse(owner, f"it ends after {filled} of its {header.n_bytes} bytes of numbers")
        target[filled:filled + len(part)] = part
        filled += len(part)
    if header.dtype.kind == "b" and flat.size and flat.view(np.uint8).max() > 1:
        _refuse(owner, "a truth value in it is neither 0 nor 1")
    return flat.reshape(header.shape, order="F" if header.fortran else "C")


def load(owner: str, path: str | Path, limit: int) -> np.ndarray:
    """The array of a .npy file of at most `limit` bytes. Raises UserError that begins with `owner` and names the file."""
    size = check_file(owner, path, limit)
    named = f"{owner} {path}"
    with told(f"{named}: cannot be read"), open(path, "rb") as file:
        header = read_header(named, file.read)
        if header.size + header.n_bytes != size:
            _refuse(named, f"it has {size} bytes, its header says {header.size + header.n_bytes}")
        check_size(named, header.n_bytes)
        return read_content(named, file.read, header)


def _refuse(owner: str, reason: str) -> NoReturn:
    raise UserError(f"{owner}: cannot be read: {reason}; take an undamaged copy or save plain numbers with numpy.save")
