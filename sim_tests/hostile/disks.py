"""A disk that fails at the n-th operation of every command, a real one that is too small, and files that may not grow."""
import errno
import fnmatch
import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sim_tests.hostile import faults, jobs, judge, tree
from sim_tests.hostile.child import Inside
from sim_tests.hostile.ended import Ended, Job
from sim_tests.hostile.house import without_lava
from sim_tests.hostile.place import Place
from sim_tests.hostile.prepared import Prepared
from sim_tests.hostile.standard import different
from sim_tests.hostile.trial import Outcome, Trial, Verdict

KIND = "disks"


def trials(prepared: Prepared) -> Iterator[Trial]:
    """Every operation of every command fails, once or from there on; files are limited to so many bytes; a disk has so many."""
    for job in jobs.QUICK:
        for at in range(1, prepared.known[job.name].operations + 1):
            for for_good in (False, True):
                number = faults.ERRORS[(at + for_good) % len(faults.ERRORS)]
                what = f"{errno.errorcode[number]} at operation {at}{' and after it' if for_good else ''}"
                yield Trial(KIND, f"{job.name}: {what}", _failing(job, at, number, for_good))
    for job in (jobs.TRAIN, jobs.RESUME, jobs.EXPORT_NETX, jobs.EXPORT_NIR, jobs.IMPORT_NETX, jobs.RECORD, jobs.SWEEP_AGAIN):
        for limit in (0, 1, 100, 1000, 2000, 4000, 6000):
            yield Trial(KIND, f"{job.name}: files of {limit} bytes at most", _limited(job, limit))
        for left in (0, 1, 2, 3, 4, 6, 8):
            yield Trial(KIND, f"{job.name}: a disk with {left} pages left", _small(job, left))


def _failing(job: Job, at: int, number: int, for_good: bool):
    return lambda place: _tried(place, job, lambda: (without_lava(), faults.fail(at, number, for_good)))


def _limited(job: Job, limit: int):
    return lambda place: _tried(place, job, lambda: (without_lava(), resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))))


def _small(job: Job, left: int):
    """The whole place lies on a disk in memory with so many pages of 4 KiB left."""
    def act(place: Place) -> Verdict:
        mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", place.path]
        if subprocess.run(mount, capture_output=True).returncode:
            return Verdict(Outcome.WORKS, "not tried: disks can only be mounted by root")
        try:
            place.bring(job)
            filler = place.path / "filler"
            _fill(filler, left)
            return _tried(place, job, without_lava, lambda: filler.unlink())
        finally:
            subprocess.run(["umount", "-l", place.path], check=False)

    return act


def _fill(filler: Path, left: int) -> None:
    page = bytes(4096)
    with open(filler, "wb", buffering=0) as file, suppress(OSError):
        while file.write(page):
            pass
    os.truncate(filler, max(0, filler.stat().st_size - left * len(page)))


def _tried(place: Place, job: Job, inside: Inside, mended=lambda: None) -> Verdict:
    """The verdict on a job that was run on a bad disk, and on the one after it, when the disk is `mended`."""
    place.bring(job)
    before, learned = place.contents(), place.path / job.learned
    had = tree.n_trained(learned) if job.learned else -1
    ended = place.run(job.arguments, inside)
    found = judge.fault(ended)
    if found is not None:
        return found
    after = place.contents()
    wrong = judge.changed_file(job, before, after, refused=False)
    if not wrong and job.learned and tree.n_trained(learned) < had:
        wrong = f"{job.learned}: {had} learned samples before, {tree.n_trained(learned)} after"
    known = place.known[job.name]
    if not wrong and ended.code == known.code:
        wrong = different(place, job, ended, known, after, False)
    if wrong:
        return judge.verdict(Outcome.SILENT, wrong, ended)
    mended()
    if ended.code != known.code:
        again = _again(place, job)
        return again or judge.verdict(Outcome.REFUSED, "", ended)
    return judge.verdict(Outcome.WORKS, "", ended)


def _again(place: Place, job: Job) -> Verdict | None:
    """What is wrong with the ordinary command after a failed one, None where it works or all is done already."""
    run, known = place.path / job.learned, place.known[job.name]
    resumed = job.name.startswith("train") and (list(run.glob("checkpoint*")) or (run / "config.toml").exists())
    resumed = resumed or job is jobs.RESUME_PREVIOUS and tree.weights(run) is not None
    ended: Ended = place.run(("resume", job.learned, "--json") if resumed else job.arguments)
    found = judge.fault(ended)
    if found is not None:
        return found
    after = place.contents()
    done = bool(job.same) and all(after.get(path) == content for path, content in known.made.items()
                                  if any(fnmatch.fnmatch(path, pattern) for pattern in job.same))
    if job.learned:
        wrong = judge.learned_fault(run, known.weights, known.epochs, metrics_damaged=True)
        outcome = Outcome.UNCLEAR if ended.code else Outcome.SILENT
        return judge.verdict(outcome, f"after the disk was mended: {wrong}", ended) if wrong else None
    if ended.code != known.code and not done:
        return judge.verdict(Outcome.UNCLEAR, f"after the disk was mended: exit code {ended.code}", ended)
    return None
