"""Files of named arrays (safetensors), whose header is held against the size of the file before an array is read."""
import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from lava_opzo.errors import UserError, shown
from lava_opzo.files.json_lines import parsed
from lava_opzo.files.reading import check_file
from lava_opzo.files.system import told

TYPES = {"I32": np.dtype("<i4"), "F64": np.dtype("<f8"), "U8": np.dtype("u1")}
"""The number types of arrays that this project writes, by their names in the format."""

FOREIGN_TYPES = TYPES | {"F32": np.dtype("<f4")}
"""The same with what torch writes."""

HEADER_BYTES = 1 << 24
"""More than any header takes."""

METADATA = "__metadata__"


@dataclass(frozen=True)
class Spec:
    """What the header says of an array: its type, its shape, and where it lies, counted from the end of the header."""

    dtype: np.dtype
    shape: tuple[int, ...]
    begin: int
    end: int


class TensorFile:
    """An open file. metadata: its words. specs: its arrays by name, whose places fill the file without gap or overlap."""

    def __init__(self, owner: str, file: BinaryIO, size: int, types: Mapping[str, np.dtype]):
        self._owner, self._file, self._types = owner, file, types
        header = self._header(size)
        words = header.pop(METADATA, {})
        if not isinstance(words, dict) or not all(isinstance(word, str) for word in words.values()):
            raise UserError(f"{owner}: cannot be read: its metadata are not words; give the path of a whole file")
        self.metadata: dict[str, str] = words
        self.specs = {name: self._spec(name, entry) for name, entry in header.items()}
        place = 0
        for name, spec in sorted(self.specs.items(), key=lambda item: (item[1].begin, item[1].end)):
            if spec.begin != place:
                raise UserError(f"{owner}: cannot be read: array {shown(name)} does not lie where the one before it ends; "
                                "give the path of a whole file")
            place = spec.end
        if self._start + place != size:
            raise UserError(f"{owner}: cannot be read: {size} bytes are not the {self._start + place} that its header declares; "
                            "give the path of a whole file")

    def arrays(self) -> dict[str, np.ndarray]:
        """All arrays, by name."""
        with told(f"{self._owner}: cannot be read"):
            self._file.seek(self._start)
            content = self._file.read()
        if len(content) != max((spec.end for spec in self.specs.values()), default=0):
            raise UserError(f"{self._owner}: cannot be read: it was changed while it was read; try again")
        return {name: np.frombuffer(content, spec.dtype, prod(spec.shape), spec.begin).reshape(spec.shape).copy()
                for name, spec in self.specs.items()}

    def _header(self, size: int) -> dict[str, Any]:
        with told(f"{self._owner}: cannot be read"):
            length = int.from_bytes(self._file.read(8), "little")
            self._start = 8 + length
            text = self._file.read(length) if length <= min(HEADER_BYTES, size - 8) else b""
        header = parsed(text)
        if header is None:
            raise UserError(f"{self._owner}: cannot be read: it has no header of named arrays; give the path of a whole file")
        return header

    def _spec(self, name: str, entry: Any) -> Spec:
        fault = f"{self._owner}: cannot be read: array {shown(name)} is not described as it must be; give a whole file"
        if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
            raise UserError(fault)
        if entry["dtype"] not in tuple(self._types):
            raise UserError(f"{self._owner}: array {shown(name)} has type {shown(entry['dtype'])}, not one of "
                            f"{', '.join(self._types)}; give a file of such arrays")
        shape, offsets = entry["shape"], entry["data_offsets"]
        if not _sizes(shape) or not _sizes(offsets) or len(offsets) != 2:
            raise UserError(fault)
        dtype, (begin, end) = self._types[entry["dtype"]], offsets
        if end - begin != prod(shape) * dtype.itemsize:
            raise UserError(fault)
        return Spec(dtype, tuple(shape), begin, end)


@contextlib.contextmanager
def opened(owner: str, path: str | Path, types: Mapping[str, np.dtype] = TYPES) -> Iterator[TensorFile]:
    """A file of named arrays of these types, its header read. Raises UserError that begins with `owner` and the path."""
    check_file(owner, path)
    with told(f"{owner} {path}: cannot be read"):
        file = open(path, "rb")  # noqa: SIM115, closed below
    with file:
        # The size of what is open: another process may have put a new file in its place since it was checked.
        yield TensorFile(f"{owner} {path}", file, os.fstat(file.fileno()).st_size, types)


def _sizes(values: Any) -> bool:
    return isinstance(values, list) and all(type(value) is int and value >= 0 for value in values)
