"""HDF5 files of others, read strictly: every group, word and number is asked for by name, kind and size.

A file is a chain of pointers that others wrote. Nothing in it is followed but what is asked for, only links within the file, and
no array is read whose declared size the machine cannot hold. What h5py itself raises at a damaged file becomes one line here.
"""
import contextlib
import io
from collections.abc import Callable, Iterator
from importlib import import_module
from math import prod
from typing import Any, NoReturn, TypeVar

import numpy as np

from lava_opzo.errors import UserError, not_installed, shown
from lava_opzo.files.memory import check_size

Result = TypeVar("Result")

MOST_KEYS = 1024
"""Most entries of a group."""

MOST_DIMENSIONS = 5
"""Weights in slayer's order: neurons, channels, height, width, depth."""

MOST_TEXT = 1 << 16


def library(name: str) -> Any:
    """A library of the extra `export`. Raises UserError where it is not installed."""
    try:
        return import_module(name)
    except ImportError as error:
        raise not_installed("export", f"{name} ({shown(str(error))})", "export") from None


class Group:
    """A group of an open file. owner: how messages call it."""

    def __init__(self, owner: str, group: Any):
        self.owner, self._group = owner, group

    def names(self) -> list[str]:
        """The names in it, sorted."""
        if self._asked(lambda: len(self._group)) > MOST_KEYS:
            self._refuse(f"has more than {MOST_KEYS} entries")
        found = self._asked(lambda: list(self._group))
        if not all(isinstance(name, str) for name in found):
            self._refuse("has an entry whose name is no text")
        return sorted(found)

    def allow(self, *known: str) -> None:
        """Raise UserError for an entry that is not known, as it may change what the network computes."""
        for key in self.names():
            if key not in known:
                self._refuse(f"entry {shown(repr(key))} is not known here and may change what the network computes; remove it "
                             "where it does not")

    def group(self, name: str) -> "Group":
        """The group of that name."""
        found = self._entry(name)
        if not isinstance(found, library("h5py").Group):
            self._refuse(f"'{name}' is no group")
        return Group(f"{self.owner}: {name}" if self.owner else name, found)

    def text(self, name: str) -> str:
        """The one word of that name."""
        found = self._dataset(name, "SO", 1)
        value = np.ravel(self._asked(lambda: found[()]))[0]
        return self._word(name, value)

    def is_text(self, name: str) -> bool:
        """Whether what has that name is a word and no number."""
        found = self._entry(name)
        return isinstance(found, library("h5py").Dataset) and self._asked(lambda: found.dtype.kind) in "SO"

    def texts(self, name: str, columns: int) -> list[tuple[str, ...]]:
        """The words of that name in rows of `columns`."""
        found = self._dataset(name, "SO", columns * MOST_KEYS)
        if len(found.shape) != 2 or found.shape[1] != columns:
            self._refuse(f"'{name}' has shape {shown(found.shape)}, {columns} columns are needed")
        return [tuple(self._word(name, word) for word in row) for row in self._asked(lambda: found[()])]

    def numbers(self, name: str) -> np.ndarray:
        """The finite real numbers of that name, as they are."""
        found = self._dataset(name, "biuf", None)
        values = np.asarray(self._asked(lambda: found[()]))
        if not np.isfinite(values).all():
            self._refuse(f"'{name}' holds a value that is no finite number")
        return values

    def attribute(self, name: str) -> str | None:
        """A word that is attached to the group, None where there is none."""
        if not self._asked(lambda: name in self._group.attrs):
            return None
        value = self._asked(lambda: self._group.attrs[name])
        return self._word(name, value)

    def _entry(self, name: str) -> Any:
        link = self._asked(lambda: self._group.get(name, getlink=True))
        if link is None:
            self._refuse(f"'{name}' is missing")
        if not isinstance(link, library("h5py").HardLink):
            self._refuse(f"'{name}' leads to another place; write the values themselves")
        return self._asked(lambda: self._group[name])

    def _dataset(self, name: str, kinds: str, most: int | None) -> Any:
        """A dataset whose kind and declared size are possible, before anything of it is read."""
        found = self._entry(name)
        if not isinstance(found, library("h5py").Dataset):
            self._refuse(f"'{name}' is no dataset")
        shape, dtype, chunks = self._asked(lambda: (found.shape, found.dtype, found.chunks))
        if shape is None or dtype.kind not in kinds or dtype.itemsize > MOST_TEXT or len(shape) > MOST_DIMENSIONS:
            self._refuse(f"'{name}' has shape {shown(shape)} and type {shown(str(dtype))}, which is not what belongs there")
        if self._asked(lambda: found.is_virtual or found.external):
            self._refuse(f"'{name}' leads to another file; write the values themselves")
        if not prod(shape) or most is not None and prod(shape) > most:
            self._refuse(f"'{name}' has shape {shown(shape)}, which is not what belongs there")
        for sizes in (shape, chunks or ()):
            check_size(f"{self.owner}: '{name}'", prod(sizes) * dtype.itemsize)
        return found

    def _word(self, name: str, value: Any) -> str:
        try:
            word = value.decode() if isinstance(value, bytes) else value
        except UnicodeDecodeError:
            word = None
        if not isinstance(word, str) or len(word) > MOST_TEXT:
            self._refuse(f"'{name}' is no word")
        return str(word)

    def _asked(self, call: Callable[[], Result]) -> Result:
        return _asked(self.owner, call)

    def _refuse(self, reason: str) -> NoReturn:
        raise UserError(f"{self.owner}: {reason}; export it again")


@contextlib.contextmanager
def opened(name: str, content: bytes) -> Iterator[Group]:
    """The root of a file with this content. Raises UserError that names the file where it cannot be read."""
    h5py = library("h5py")
    file = _asked(name, lambda: h5py.File(io.BytesIO(content), "r"))
    try:
        yield Group(name, file)
    finally:
        with contextlib.suppress(Exception):  # a damaged file may fail to close; nothing of it is kept
            file.close()


def _asked(owner: str, call: Callable[[], Result]) -> Result:
    """What h5py answers. At a damaged file it raises whatever its layers raise; all of it means that the file is damaged."""
    try:
        return call()
    except Exception as error:  # h5py: OSError, KeyError, ValueError, TypeError, RuntimeError and more
        said = " ".join(str(error).split())
        raise UserError(f"{owner}: cannot be read as HDF5: {type(error).__name__} ({shown(said)}); export it again") from None
