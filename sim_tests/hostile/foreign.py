"""Folders, pipes, devices, sockets, links and unreadable files in the place of every input and every output."""
import os
import random
import shutil
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from sim_tests.hostile import jobs as known
from sim_tests.hostile.ended import Job
from sim_tests.hostile.house import without_lava
from sim_tests.hostile.jobs import NO_ANSWER, READERS
from sim_tests.hostile.prepared import Prepared
from sim_tests.hostile.standard import Damage, damaged
from sim_tests.hostile.trial import Trial

KIND = "foreign"
NOBODY = 65534

FOLDERS: dict[str, tuple[Job, ...]] = {
    "half": (known.RESUME, known.COMPARE), "done": (known.EVALUATE, known.EXPORT_NETX), "golden": (known.REPLAY,),
    "idx": (known.TRAIN_IDX,), "nmnist": (known.TRAIN_NMNIST,), "nmnist/Train": (known.TRAIN_NMNIST,),
    "nmnist/Train/3": (known.TRAIN_NMNIST,), "dvs/ibmGestureTrain": (known.TRAIN_DVS,),
    "swept": (known.SHOW, known.SWEEP_AGAIN), "swept/logs": (known.SHOW, known.SWEEP_AGAIN),
    "swept/p1-seed1": (known.SHOW, known.SWEEP_AGAIN), "queued/cluster-0123abcd": (known.COLLECT,),
}
"""Folders that are read, and who reads them."""

OUTPUTS: dict[str, tuple[Job, ...]] = {
    "new": (known.TRAIN,), "new/config.toml": (known.TRAIN,), "new/checkpoint.safetensors": (known.TRAIN,),
    "new/metrics.jsonl": (known.TRAIN,), "new/result.json": (known.TRAIN,), "new/run.png": (known.TRAIN,),
    "new/.lock": (known.TRAIN,), "half/.lock": (known.RESUME,),
    "half/result.json": (known.RESUME,), "half/run.png": (known.RESUME,),
    "half/metrics.jsonl": (known.RESUME,), "half/checkpoint.previous.safetensors": (known.RESUME,),
    "vectors": (known.RECORD,), "out.net": (known.EXPORT_NETX,), "out.nir": (known.EXPORT_NIR,),
    "imported": (known.IMPORT_NETX,), "swept/sweep.json": (known.SWEEP_AGAIN,), "swept/sweep.csv": (known.SWEEP_AGAIN,),
    "swept/.lock": (known.SWEEP_AGAIN,),
}
"""What is written, and by whom."""


def trials(prepared: Prepared) -> Iterator[Trial]:
    """Every foreign type in the place of everything that is read or written; then the rights of another user."""
    for path, users in [*READERS.items(), *FOLDERS.items(), *OUTPUTS.items()]:
        for job in dict.fromkeys(users):
            for what, put in TYPES.items():
                yield damaged(KIND, job, f"{what} at {path}", _replaced(path, put), other_answer=path.endswith(NO_ANSWER))
    if os.getuid() == 0:
        for path, users in [*READERS.items(), *FOLDERS.items()]:
            for job in dict.fromkeys(users):
                yield damaged(KIND, job, f"{path} that nobody may read", _unreadable(path), inside=_as_nobody,
                              other_answer=path.endswith(NO_ANSWER))
        for job in known.QUICK:
            yield damaged(KIND, job, "a place that nobody may write to", _closed, inside=_as_nobody)


def _closed(folder: Path, rng: random.Random) -> None:
    folder.chmod(0o755)


def _replaced(path: str, put: Callable[[Path], object]) -> Damage:
    def damage(folder: Path, rng: random.Random) -> None:
        target = folder / path
        if target.is_dir():
            shutil.rmtree(target)
        target.unlink(missing_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        put(target)

    return damage


def _unreadable(path: str) -> Damage:
    def damage(folder: Path, rng: random.Random) -> None:
        _give_away(folder)
        if (folder / path).exists():
            (folder / path).chmod(0)

    return damage


def _give_away(folder: Path) -> None:
    for above, _, files in os.walk(folder):
        os.chown(above, NOBODY, NOBODY)
        for name in files:
            os.chown(Path(above) / name, NOBODY, NOBODY, follow_symlinks=False)


def _as_nobody() -> None:
    without_lava()
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def _socket(path: Path) -> None:
    where = os.getcwd()
    os.chdir(path.parent)  # the name of a socket may have about a hundred characters
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(where)


def _device(number: int) -> Callable[[Path], None]:
    def put(path: Path) -> None:
        try:
            os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, number))
        except PermissionError:
            path.symlink_to({3: "/dev/null", 5: "/dev/zero", 7: "/dev/full"}[number])

    return put


TYPES: dict[str, Callable[[Path], object]] = {
    "an empty folder": lambda path: path.mkdir(),
    "a folder with a file": lambda path: (path.mkdir(), (path / "file").write_text("kept")),
    "an empty file": lambda path: path.write_bytes(b""),
    "a text": lambda path: path.write_text("kept\n"),
    "a pipe": os.mkfifo,
    "a socket": _socket,
    "the device null": _device(3),
    "the device zero": _device(5),
    "the device full": _device(7),
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to a pipe": lambda path: (os.mkfifo(f"{path}.pipe"), path.symlink_to(f"{path.name}.pipe")),
    "a link to zeros": lambda path: path.symlink_to("/dev/zero"),
    "nothing": lambda path: None,
}
"""What is put there."""
