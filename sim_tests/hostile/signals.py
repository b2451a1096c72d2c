"""Signals at random times of every command; then the ordinary command goes on to the bits of an unbroken run."""
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import replace

from sim_tests.hostile import jobs, judge
from sim_tests.hostile.child import Child
from sim_tests.hostile.ended import Ended, Job
from sim_tests.hostile.house import without_lava
from sim_tests.hostile.place import Place
from sim_tests.hostile.prepared import Prepared
from sim_tests.hostile.standard import different
from sim_tests.hostile.trial import Outcome, Trial, Verdict

KIND = "signals"

ENDS = {
    signal.SIGINT: (0, 130), signal.SIGTERM: (0, 130, 143, -signal.SIGTERM), signal.SIGKILL: (0, -signal.SIGKILL),
    signal.SIGHUP: (0, 130, 143, -signal.SIGHUP), signal.SIGPIPE: (0, 130), signal.SIGUSR1: (0, -signal.SIGUSR1),
}
"""Exit codes after a signal; a signal that the system ends a program with may do so."""

TIMES = 14
"""Random moments for each command and signal."""

LONG, SHORT, LAVA = 1.5, 0.4, 6.0
"""Seconds within which a signal comes: while a long training, a short command, or one with Lava is at work."""


def trials(prepared: Prepared) -> Iterator[Trial]:
    """Every signal, once or twice, at many moments of trainings; some moments of the other commands; a few with Lava."""
    for number in ENDS:
        for turn in range(TIMES):
            again = turn % 3 == 2
            yield _trial(jobs.TRAIN_LONG, number, LONG, again, turn)
            yield _trial(RESUME_LONG, number, LONG, again, turn)
    for job in (jobs.RECORD, jobs.EXPORT_NETX, jobs.IMPORT_NETX, jobs.EVALUATE, jobs.VERIFY, jobs.REPLAY, jobs.DEPLOY, jobs.SHOW):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            for turn in range(3):
                yield _trial(job, number, SHORT, turn == 2, turn)
    for job in (WITH_LAVA, jobs.PLOT, jobs.SWEEP):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            for turn in range(2):
                yield replace(_trial(job, number, LAVA, False, turn), slow=True)


RESUME_LONG = Job("resume long", ("resume", "done", "--epochs", "60", "--json"), ("done", "data.npz"), "done")
"""Ends with the weights of `jobs.TRAIN_LONG`."""

WITH_LAVA = Job("train in Lava", ("train", "--config", "tiny.toml", "--engine", "lava", "--out", "new", "--json"),
                ("tiny.toml", "data.npz"), "new")
"""Ends with the weights of `jobs.TRAIN`."""

SAME_AS = {RESUME_LONG.name: jobs.TRAIN_LONG.name, WITH_LAVA.name: jobs.TRAIN.name}


def _trial(job: Job, number: signal.Signals, within: float, twice: bool, turn: int) -> Trial:
    def act(place: Place) -> Verdict:
        place.bring(job)
        child = place.start(job.arguments, inside=_nothing if job is jobs.PLOT else without_lava, limited=within != LAVA)
        _send(child, number, within, twice, place.rng)
        ended = child.ended()
        silent = replace(ended, command=tuple(word for word in ended.command if word != "--json")) if ended.code < 0 else ended
        found = judge.fault(silent, codes=[code for code in ENDS[number] if code])
        if found is not None:
            return found
        if ended.code not in ENDS[number]:
            return judge.verdict(Outcome.UNCLEAR, f"exit code {ended.code} after {number.name}", ended)
        return _gone_on(place, job, ended)

    return Trial(KIND, f"{job.name}: {number.name}{' twice' if twice else ''} within {within} s, turn {turn + 1}", act)


def _nothing() -> None:
    """The picture is drawn, with Lava."""


def _send(child: Child, number: int, within: float, twice: bool, rng: random.Random) -> None:
    for pause in (rng.uniform(0, within), rng.uniform(0, 0.05))[:1 + twice]:
        end = time.monotonic() + pause
        while child.running() and time.monotonic() < end:
            time.sleep(0.001)
        child.send(number)


def _gone_on(place: Place, job: Job, first: Ended) -> Verdict:
    """The verdict on the ordinary command after an interrupted one."""
    ended = first
    if job.learned == "new" and (place.path / "new" / "config.toml").exists():
        ended = place.run(("resume", "new", "--json"))
    elif job is RESUME_LONG or first.code:
        ended = place.run(job.arguments, limited=job not in (jobs.PLOT, jobs.SWEEP, WITH_LAVA))
    found = judge.fault(ended)
    if found is not None:
        return found
    name = SAME_AS.get(job.name, job.name)
    if job.learned:
        wrong = judge.learned_fault(place.path / job.learned, place.known[name].weights, place.known[name].epochs, False)
        if wrong:
            return judge.verdict(Outcome.SILENT if ended.code == 0 else Outcome.UNCLEAR, f"gone on with: {wrong}", ended)
    elif ended.code and not _is_made(place, job):
        return judge.verdict(Outcome.UNCLEAR, f"gone on with: exit code {ended.code}", ended)
    elif name in place.known and ended.code == 0:
        wrong = different(place, job, ended, place.known[name], place.contents(), False)
        if wrong:
            return judge.verdict(Outcome.SILENT, f"gone on with: {wrong}", ended)
    return judge.verdict(Outcome.WORKS, "", ended)


def _is_made(place: Place, job: Job) -> bool:
    """Whether what a command was to make is there already, whole."""
    after, known = place.contents(), place.known.get(job.name)
    return known is not None and bool(job.same) and all(after.get(path) == known.made[path] for path in job.same)
