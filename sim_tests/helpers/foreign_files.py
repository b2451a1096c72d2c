"""Files of networks that are changed or damaged as others would: entries replaced, bytes flipped, files cut."""
import io
import random
from collections.abc import Callable, Iterator
from typing import Any

import h5py

Change = Callable[[Any], object]


def changed(content: bytes, *changes: Change) -> bytes:
    """An HDF5 file with these changes made to its root."""
    buffer = io.BytesIO(content)
    with h5py.File(buffer, "a") as file:
        for change in changes:
            change(file)
    return buffer.getvalue()


def put(key: str, value: Any) -> Change:
    """The entry of that name, new or in the place of the old one."""
    def change(file: Any) -> None:
        if key in file:
            del file[key]
        file[key] = value

    return change


def dropped(key: str) -> Change:
    """Without the entry of that name."""
    return lambda file: file.__delitem__(key)


def spoiled(content: bytes, seed: int) -> Iterator[bytes]:
    """Copies of a file: cut at every eighth, then with one to eight bits flipped or some bytes overwritten, at random."""
    rng = random.Random(seed)
    for eighth in range(8):
        yield content[:len(content) * eighth // 8]
    while True:
        copy = bytearray(content)
        for _ in range(rng.choice((1, 1, 2, 8))):
            copy[rng.randrange(len(copy))] ^= 1 << rng.randrange(8)
        if rng.random() < 0.3:
            place = rng.randrange(len(copy))
            copy[place:place + 16] = rng.randbytes(16)
        yield bytes(copy)
