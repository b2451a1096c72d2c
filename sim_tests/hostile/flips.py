"""Single bits and bytes of every file are flipped."""
import random
from collections.abc import Iterator
from pathlib import Path

from sim_tests.hostile.jobs import NO_ANSWER, READERS, UNCHECKED
from sim_tests.hostile.prepared import Prepared
from sim_tests.hostile.standard import Damage, damaged
from sim_tests.hostile.trial import Trial

KIND = "flips"
PARTS = 8
"""Into how many parts a file is cut, in each of which something is flipped."""


def trials(prepared: Prepared) -> Iterator[Trial]:
    """One bit and one byte in every part of every file, for every command that reads it."""
    for path, jobs in READERS.items():
        for job in jobs:
            for part in range(PARTS):
                for name, flip in (("bit", _bit), ("byte", _byte)):
                    yield damaged(KIND, job, f"a {name} in part {part + 1}/{PARTS} of {path}", _flipped(path, part, flip),
                                  other_bits=path.startswith(UNCHECKED), other_answer=path.endswith(NO_ANSWER))


def _flipped(path: str, part: int, flip) -> Damage:
    def damage(folder: Path, rng: random.Random) -> None:
        file = folder / path
        if file.exists():
            content = bytearray(file.read_bytes())
            at = min(len(content) - 1, int((part + rng.random()) * len(content) / PARTS))
            content[at] = flip(content[at], rng)
            file.write_bytes(content)

    return damage


def _bit(value: int, rng: random.Random) -> int:
    return value ^ (1 << rng.randrange(8))


def _byte(value: int, rng: random.Random) -> int:
    return rng.choice([other for other in (0, 10, 34, 48, 57, 91, 123, 128, 255, rng.randrange(256)) if other != value])
