"""The compiled loops on disk: they follow their sources, a damaged file is compiled again, a cache that fails breaks nothing.

numba's own cache looks at the file of a function alone, not at what that calls, and believes whatever its files hold. Here one
file holds one loop for one signature, and begins with a checksum of all that it was made of and of its content.
"""
import contextlib
import hashlib
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llvmlite
import numba
from numba import njit
from numba.core.caching import FunctionCache
from numba.core.serialize import dumps

from lava_opzo.engines.twin.part import UNCOUNTED
from lava_opzo.errors import UserError
from lava_opzo.files.reading import read_bytes
from lava_opzo.files.whole import write_whole

FOLDERS = ("engines/twin", "arithmetic", "silicon")
"""What the compiled loops are made of: folders of lava_opzo with their functions and constants."""

VERSIONS = f"{numba.__version__} {llvmlite.__version__}"
"""Another compiler makes another loop."""

LARGEST = 1 << 28
"""More bytes than any compiled loop has."""

DIGEST = hashlib.sha256().digest_size


def sources(*folders: str) -> list[Path]:
    """The source files of these folders of lava_opzo and of the folders in them, in a fixed order.

    Raises FileNotFoundError for a folder that is not there.
    """
    root, found = Path(__file__).parents[2], []
    for folder in folders:
        if not (root / folder).is_dir():
            raise FileNotFoundError(f"{root / folder}: no such folder; name the folders of which the compiled loops are made")
        found += sorted((root / folder).rglob("*.py"))
    return found


def fingerprint() -> int:
    """A number that changes with any source of the compiled loops; closed over by such a loop, it is part of its key."""
    return int.from_bytes(hashlib.sha256(b"".join(path.read_bytes() for path in sources(*FOLDERS))).digest()[:4], "big")


def compiled_loop(made_of: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The one decorator of functions that are kept on disk; made_of: the fingerprint. Where nothing can be kept, compile anew."""
    def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
        loop: Any = njit(nogil=True, **UNCOUNTED)(function)
        if hasattr(loop, "enable_caching"):  # not where numba is told to compile nothing
            with contextlib.suppress(RuntimeError, OSError):  # no folder that could be written to
                loop._cache = LoopCache(function, made_of)
        return loop

    return compiled


class LoopCache(FunctionCache):
    """numba's cache of one function, in files of `LoopFiles`."""

    def __init__(self, function: Callable[..., Any], made_of: int) -> None:
        super().__init__(function)
        self._cache_file = LoopFiles(Path(self._cache_path), Path(function.__code__.co_filename).stem, made_of)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled function, None where it has to be compiled."""
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # it can always be compiled
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled function; a disk that refuses is no reason to end."""
        with contextlib.suppress(OSError, UserError):
            super().save_overload(sig, data)


class LoopFiles:
    """Files `<stem>.<fingerprint>.<signature>.nbc` in one folder, each of a checksum and a pickled compiled function."""

    def __init__(self, folder: Path, stem: str, made_of: int) -> None:
        self._folder, self._stem, self._made_of = folder, stem, f"{stem}.{made_of:08x}."

    def load(self, key: tuple[Any, ...]) -> Any:
        """What was saved under a key of numba's; None, and the file is removed, where it is not exactly that."""
        path = self._path(key)
        try:
            content = read_bytes("compiled loop", path, LARGEST)
        except UserError:
            return None
        checksum, payload = content[:DIGEST], content[DIGEST:]
        if checksum != self._checksum(key, payload):
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        return pickle.loads(payload)

    def save(self, key: tuple[Any, ...], data: Any) -> None:
        """Save under a key, and remove what other sources left. Raises UserError where the disk refuses."""
        payload = dumps(data)
        write_whole(self._path(key), self._checksum(key, payload) + payload)
        for other in self._folder.glob(f"{self._stem}.*.nb[ci]"):
            if not other.name.startswith(self._made_of):
                other.unlink(missing_ok=True)

    def flush(self) -> None:
        """Remove what is saved of these sources."""
        for path in self._folder.glob(f"{self._made_of}*.nbc"):
            path.unlink(missing_ok=True)

    def _path(self, key: tuple[Any, ...]) -> Path:
        return self._folder / f"{self._made_of}{hashlib.sha256(repr(key).encode()).hexdigest()[:16]}.nbc"

    def _checksum(self, key: tuple[Any, ...], payload: bytes) -> bytes:
        made_from = f"{VERSIONS} {self._made_of} {key!r}".encode()
        return hashlib.sha256(hashlib.sha256(made_from).digest() + payload).digest()
