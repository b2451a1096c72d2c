"""Every file is cut at every eighth of its length, emptied, filled with zeros from there on, and lengthened."""
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from sim_tests.hostile.jobs import NO_ANSWER, READERS, UNCHECKED
from sim_tests.hostile.prepared import Prepared
from sim_tests.hostile.standard import Damage, damaged
from sim_tests.hostile.trial import Trial

KIND = "truncations"

Change = Callable[[bytes, random.Random], bytes]


def trials(prepared: Prepared) -> Iterator[Trial]:
    """Every change of length of every file, for every command that reads it."""
    for path, jobs in READERS.items():
        for job in dict.fromkeys(jobs):
            for what, change in CHANGES.items():
                yield damaged(KIND, job, f"{path} {what}", _changed(path, change), other_bits=path.startswith(UNCHECKED),
                              other_answer=path.endswith(NO_ANSWER))


def _changed(path: str, change: Change) -> Damage:
    def damage(folder: Path, rng: random.Random) -> None:
        file = folder / path
        if file.exists():
            file.write_bytes(change(file.read_bytes(), rng))

    return damage


def _cut(eighth: int) -> Change:
    return lambda content, rng: content[:len(content) * eighth // 8]


def _zeroed(eighth: int) -> Change:
    return lambda content, rng: content[:len(content) * eighth // 8].ljust(len(content), b"\0")


CHANGES: dict[str, Change] = {
    "emptied": lambda content, rng: b"",
    **{f"cut at {eighth}/8": _cut(eighth) for eighth in range(1, 8)},
    "without its last byte": lambda content, rng: content[:-1],
    "zeroed from 4/8": _zeroed(4),
    "zeroed from 7/8": _zeroed(7),
    "all zeros": _zeroed(0),
    "with bytes after it": lambda content, rng: content + rng.randbytes(rng.randint(1, 64)),
    "twice": lambda content, rng: content + content,
}
