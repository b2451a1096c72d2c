"""Data sets that were made to do harm: archives that unpack to gigabytes, sizes beyond all memory, values of no sample."""
import gzip
import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from sim_tests.hostile import jobs
from sim_tests.hostile.ended import Job
from sim_tests.hostile.prepared import Prepared
from sim_tests.hostile.standard import damaged
from sim_tests.hostile.trial import Trial

KIND = "data"

GOOD = np.ones((10, 1, 9), np.uint8)
LABELS = np.arange(10, dtype=np.int32) % 4

ARRAYS: dict[str, dict[str, Any]] = {
    "floats": {"frames": GOOD.astype(float)}, "not numbers": {"frames": GOOD * np.nan}, "infinite": {"frames": GOOD * np.inf},
    "negative": {"frames": GOOD.astype(np.int8) * -1}, "above 15": {"frames": GOOD * 200},
    "text": {"frames": np.array(["a"] * 10)},
    "complex": {"frames": GOOD * 1j}, "dates": {"frames": np.zeros((10, 1, 9), "datetime64[s]")},
    "records": {"frames": np.zeros((10, 1, 9), [("a", "i4"), ("b", "i4")])}, "booleans": {"frames": GOOD.astype(bool)},
    "two dimensions": {"frames": GOOD[:, 0]}, 
    "many dimensions": {"frames": GOOD.reshape((10,) + (1,) * 25 + (9,))},
    "no samples": {"frames": GOOD[:0], "labels": LABELS[:0]}, "no lines": {"frames": GOOD[:, :, :0]},
    "no steps": {"frames": GOOD[:, :0]},
    "a number": {"frames": np.array(3)}, "fewer labels": {"labels": LABELS[:5]}, "negative labels": {"labels": LABELS - 5},
    "a huge label": {"labels": LABELS + 2_000_000_000}, "a label of 2**62": {"labels": LABELS.astype(np.int64) + 2 ** 62},
    "broken labels": {"labels": LABELS + 0.5}, "labels that are no numbers": {"labels": LABELS * np.nan},
    "two dimensions of labels": {"labels": LABELS[:, None]}, "text labels": {"labels": np.array(["a"] * 10)},
    "another array": {"more": LABELS}, "test frames alone": {"test_frames": GOOD}, "test labels alone": {"test_labels": LABELS},
    "other test lines": {"test_frames": GOOD[:, :, :3], "test_labels": LABELS}, "an odd name": {"../frames": GOOD},
    "as Fortran has it": {"frames": np.asfortranarray(GOOD)}, "another byte order": {"labels": LABELS.astype(">i8")},
    "one class": {"labels": LABELS * 0},
}
"""Arrays of an .npz in the place of good ones, or besides them."""

HEADERS = {
    "10**12 samples": "{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000000, 1, 9), }",
    "a product beyond 64 bits": "{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296, 9), }",
    "a negative shape": "{'descr': '|u1', 'fortran_order': False, 'shape': (-1, 1, 9), }",
    "a shape of one number": "{'descr': '|u1', 'fortran_order': False, 'shape': 5, }",
    "objects": "{'descr': '|O', 'fortran_order': False, 'shape': (10, 1, 9), }",
    "no Python": "{'descr': '|u1', 'fortran_order'", "code": "__import__('os').system('true')", "nothing": "", "deep": "(" * 500,
    "an odd type": "{'descr': 'nonsense', 'fortran_order': False, 'shape': (10, 1, 9), }",
    "a type of text": "{'descr': '|S1000000000', 'fortran_order': False, 'shape': (10, 1, 9), }",
    "a number that is true": "{'descr': '|u1', 'fortran_order': False, 'shape': (True, 1, 9), }",
}
"""Headers of frames.npy in an archive."""


def trials(prepared: Prepared) -> Iterator[Trial]:
    """One trial for every hostile file."""
    for what, arrays in ARRAYS.items():
        yield _trial(jobs.TRAIN, f"npz: {what}", _npz(arrays))
    for what, header in HEADERS.items():
        yield _trial(jobs.TRAIN, f"npz: header of {what}", lambda folder, rng, header=header: _archive(folder, _npy(header)))
        yield _trial(jobs.TRAIN_DVS, f"npy: header of {what}", lambda folder, rng, header=header: _write(
            folder / "dvs/ibmGestureTrain/user01_fluorescent/3.npy", _npy(header)))
    yield _trial(jobs.TRAIN, "npz: 6 GB of zeros in a small archive", _bomb)
    yield _trial(jobs.TRAIN, "npz: 100,000 members", _many_members)
    for what, content in _idx_files().items():
        yield _trial(jobs.TRAIN_IDX, f"idx: {what}", _put("idx/train-images-idx3-ubyte", content))
        yield _trial(jobs.TRAIN_GZ, f"idx.gz: {what}", _put("gz/train-images-idx3-ubyte", gzip.compress(content)))
    yield _trial(jobs.TRAIN_GZ, "idx.gz: 4 GB of zeros in a small file", _gzip_bomb)
    yield _trial(jobs.TRAIN_GZ, "idx.gz: packed a hundred times", _packed_often)
    for what, content in _nmnist_files().items():
        yield _trial(jobs.TRAIN_NMNIST, f"nmnist: {what}", _put("nmnist/Train/3/00004.bin", content))


def _trial(job: Job, what: str, damage: Callable) -> Trial:
    return damaged(KIND, job, what, damage, other_bits=True)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _put(path: str, content: bytes) -> Callable[[Path, random.Random], None]:
    return lambda folder, rng: _write(folder / path, content)


def _npz(arrays: dict[str, Any]) -> Callable[[Path, random.Random], None]:
    return lambda folder, rng: np.savez(folder / "data.npz", **{"frames": GOOD, "labels": LABELS, **arrays})


def _npy(header: str) -> bytes:
    text = header.encode() + b" " * (63 - (len(header) + 10) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + bytes(100)


def _archive(folder: Path, frames: bytes) -> None:
    labels = io.BytesIO()
    np.save(labels, LABELS)
    with zipfile.ZipFile(folder / "data.npz", "w") as archive:
        archive.writestr("frames.npy", frames)
        archive.writestr("labels.npy", labels.getvalue())


def _bomb(folder: Path, rng: random.Random) -> None:
    header = _npy("{'descr': '|u1', 'fortran_order': False, 'shape': (6000000000, 1, 1), }")
    with zipfile.ZipFile(folder / "data.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("frames.npy", "w", force_zip64=True) as member:
            member.write(header)
            for _ in range(100):
                member.write(bytes(1 << 20))
        archive.writestr("labels.npy", b"")


def _many_members(folder: Path, rng: random.Random) -> None:
    with zipfile.ZipFile(folder / "data.npz", "w") as archive:
        for number in range(20_000):
            archive.writestr(f"{number}.npy", b"")


def _gzip_bomb(folder: Path, rng: random.Random) -> None:
    header = struct.pack(">BBBB3I", 0, 0, 8, 3, 24, 4, 4)
    with gzip.open(folder / "gz/train-images-idx3-ubyte", "wb", 1) as file:
        file.write(header)
        for _ in range(1000):
            file.write(bytes(4 << 20))


def _packed_often(folder: Path, rng: random.Random) -> None:
    content = struct.pack(">BBBB3I", 0, 0, 8, 3, 24, 4, 4) + bytes(384)
    for _ in range(100):
        content = gzip.compress(content)
    _write(folder / "gz/train-images-idx3-ubyte", content)


def _idx_files() -> dict[str, bytes]:
    def idx(kind: int, *shape: int, dimensions: int | None = None, data: bytes = bytes(384)) -> bytes:
        return struct.pack(f">BBBB{len(shape)}I", 0, 0, kind, len(shape) if dimensions is None else dimensions, *shape) + data

    return {"255 dimensions": idx(8, *[1] * 255), "255 dimensions, cut": idx(8, 1, dimensions=255), "no dimensions": idx(8),
            "huge sizes": idx(8, 2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1), "no samples": idx(8, 0, 4, 4, data=b""),
            "no pixels": idx(8, 24, 0, 4, data=b""), "another type": idx(13, 24, 4, 4), "an unknown type": idx(99, 24, 4, 4),
            "one dimension": idx(8, 384), "four dimensions": idx(8, 24, 4, 4, 1), "another number": idx(8, 6, 8, 8),
            "2**32 samples of no pixels": idx(8, 2 ** 32 - 1, 0, 0, data=b""), "a product of 2**64": idx(8, 2 ** 31, 2 ** 31, 4)}


def _nmnist_files() -> dict[str, bytes]:
    def event(x: int, y: int, p: int, t: int) -> bytes:
        return struct.pack(">BB", x, y) + struct.pack(">I", p << 23 | t)[1:]

    overflow, some = event(0, 240, 0, 0), event(3, 3, 1, 1000)
    return {"a million overflows": overflow * 1_000_000 + some, "overflows alone": overflow * 10, "only one event": some,
            "time that goes back": some + event(1, 1, 0, 10) + some, "beyond the camera": event(200, 100, 1, 5) + some,
            "a million events": some * 1_000_000, "a part of an event": some + b"\1\2", "all ones": b"\xff" * 500}
