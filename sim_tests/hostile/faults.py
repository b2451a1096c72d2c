"""A disk that fails at the n-th thing that a command wants to write, open, rename, make or flush."""
import builtins
import errno
import io
import os
import pathlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

FUNCTIONS = ("replace", "rename", "mkdir", "fsync", "link", "write", "truncate", "ftruncate")
"""Functions of os that change a disk; `os.open` and `open` count where they open for writing."""

FOREIGN = ("/dev/", "/proc/", sys.prefix)
"""What begins with these is not on the disk that fails."""

Strike = Callable[[str, Any], None]
"""strike(name of the operation, path) may raise."""


def count(into: Path) -> None:
    """In a child: count the operations of the command, and leave their number in a file at its end."""
    import atexit

    seen = [0]
    write = os.open, os.write, os.close

    def strike(name: str, path: Any) -> None:
        seen[0] += 1

    def leave() -> None:
        descriptor = write[0](into, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        write[1](descriptor, str(seen[0]).encode())
        write[2](descriptor)

    _install(strike)
    atexit.register(leave)


def fail(at: int, number: int, for_good: bool) -> None:
    """In a child: let the operation `at`, counted from 1, end with the error `number`; for_good: all later ones too."""
    seen = [0]

    def strike(name: str, path: Any) -> None:
        seen[0] += 1
        if seen[0] == at or for_good and seen[0] > at:
            raise OSError(number, os.strerror(number), None if isinstance(path, int) else path)

    _install(strike)


ERRORS = (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO, errno.ENAMETOOLONG, errno.EDQUOT)
"""Errors that a disk may answer with."""


def _install(strike: Strike) -> None:
    """Put `strike` before every operation that changes a disk, those of pathlib among them."""
    for name in FUNCTIONS:
        guarded = _guarded(name, getattr(os, name), strike)
        setattr(os, name, guarded)
        if name in ("replace", "rename", "mkdir", "link"):
            setattr(pathlib._NormalAccessor, name, staticmethod(guarded))  # where Python 3.10 keeps its own reference
    os.open = _opening(os.open, strike, lambda flags="r", *rest, **more: bool(flags & (os.O_WRONLY | os.O_RDWR)), wrap=False)
    opened = _opening(io.open, strike, lambda mode="r", *rest, **more: any(letter in mode for letter in "wax+"), wrap=True)
    builtins.open = io.open = opened
    pathlib._NormalAccessor.open = staticmethod(opened)


def _ours(path: Any) -> bool:
    """Whether a path, or what a descriptor stands for, lies on the disk that fails."""
    try:
        name = os.readlink(f"/proc/self/fd/{path}") if isinstance(path, int) else os.path.abspath(os.fsdecode(path))
    except (OSError, TypeError):
        return False
    return name.startswith("/") and not name.startswith(FOREIGN)


def _guarded(name: str, function: Callable, strike: Strike) -> Callable:
    def call(path: Any, *rest: Any, **more: Any) -> Any:
        if _ours(path):
            strike(name, path)
        return function(path, *rest, **more)

    return call


def _opening(function: Callable, strike: Strike, writes: Callable[..., bool], wrap: bool) -> Callable:
    def call(path: Any, *rest: Any, **more: Any) -> Any:
        if isinstance(path, int) or not (_ours(path) and writes(*rest, **more)):
            return function(path, *rest, **more)
        strike("open", path)
        opened = function(path, *rest, **more)
        return _Failing(opened, strike, path) if wrap else opened

    return call


class _Failing:
    """An open file whose writes may fail."""

    def __init__(self, file: Any, strike: Strike, path: Any):
        self._file, self._strike, self._path = file, strike, path

    def write(self, content: Any) -> int:
        self._strike("write", self._path)
        return self._file.write(content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __iter__(self):
        return iter(self._file)

    def __enter__(self):
        self._file.__enter__()
        return self

    def __exit__(self, *exception: object):
        return self._file.__exit__(*exception)
