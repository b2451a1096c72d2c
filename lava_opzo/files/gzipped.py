"""Files that may be packed with gzip, read piece by piece, so that none unpacks to more than was asked for."""
import contextlib
import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from lava_opzo.errors import UserError
from lava_opzo.files.memory import MOST_BYTES
from lava_opzo.files.reading import check_file
from lava_opzo.files.system import told

MAGIC = b"\x1f\x8b"
CHUNK = 1 << 20


@contextlib.contextmanager
def opened(owner: str, path: Path) -> Iterator[Callable[[int], bytes]]:
    """read(n): the next n bytes of the unpacked content, fewer at its end; gzip is told by its first bytes, not by the name.

    Raises UserError that begins with `owner` and names the file where it cannot be read or unpacked.
    """
    check_file(owner, path, MOST_BYTES)
    with told(f"{owner} {path}: cannot be read"), open(path, "rb") as plain:
        try:
            packed = plain.read(2) == MAGIC
            plain.seek(0)
            with gzip.GzipFile(fileobj=plain) if packed else plain as file:
                yield lambda n: _next(cast(BinaryIO, file), n)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise UserError(f"{owner} {path}: cannot be read: {error}; fetch it again") from None


def _next(file: BinaryIO, n: int) -> bytes:
    """The next n bytes, asked for in pieces: a reader that is asked for much may take all its memory first."""
    parts = []
    while n > 0:
        part = file.read(min(n, CHUNK))
        if not part:
            break
        parts.append(part)
        n -= len(part)
    return b"".join(parts)
