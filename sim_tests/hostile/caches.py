"""Damaged and foreign files in the place of the compiled loops that are kept on disk, each in a copy of the package."""
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from sim_tests.hostile import jobs, judge
from sim_tests.hostile.place import Place
from sim_tests.hostile.prepared import Prepared
from sim_tests.hostile.standard import judged
from sim_tests.hostile.trial import Outcome, Trial, Verdict

KIND = "caches"
ROOT = Path(__file__).parents[2]
LOOPS = "lava_opzo/engines/twin/integers/__pycache__"

SECONDS = 300
"""Within which the loops are compiled again, on a machine that has other work to do."""


def trials(prepared: Prepared) -> Iterator[Trial]:
    """A training in a process of its own after every damage."""
    for what, damage in DAMAGES.items():
        yield Trial(KIND, f"train: {what}", _trained(damage), slow=True)


def _trained(damage: Callable[[Path, random.Random], object]):
    def act(place: Place) -> Verdict:
        package = place.path.with_name("package")
        for name in ("lava_opzo", "process_models"):
            shutil.copytree(ROOT / name, package / name)
        kept = sorted((package / LOOPS).glob("*.nbc"))
        if not kept:
            return Verdict(Outcome.HARNESS, f"no compiled loops in {ROOT / LOOPS}")
        for path in kept:
            damage(path, place.rng)
        place.bring(jobs.TRAIN)
        before = place.contents()
        ended = place.process(jobs.TRAIN.arguments, {"PYTHONPATH": str(package)}, seconds=SECONDS).ended()
        if ended.code:
            return judge.fault(ended) or judge.verdict(Outcome.UNCLEAR, "the loops are not compiled again", ended)
        return judged(place, jobs.TRAIN, ended, before)

    return act


def _flip(path: Path, rng: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


def _instead(put: Callable[[Path], object]) -> Callable[[Path, random.Random], None]:
    def damage(path: Path, rng: random.Random) -> None:
        path.unlink()
        put(path)

    return damage


DAMAGES: dict[str, Callable[[Path, random.Random], object]] = {
    "a bit of the compiled loops": _flip,
    "compiled loops cut in half": lambda path, rng: os.truncate(path, path.stat().st_size // 2),
    "empty compiled loops": lambda path, rng: os.truncate(path, 0),
    "a pickle of another thing": lambda path, rng: path.write_bytes(b"\x80\x04K\x01."),
    "a folder": _instead(Path.mkdir), "a pipe": _instead(os.mkfifo),
    "a link to zeros": _instead(lambda path: path.symlink_to("/dev/zero")),
    "whole compiled loops": lambda path, rng: None,
}
"""What is done to every file of compiled loops."""
