"""Runs trials in two or more forked workers and hands back their verdicts."""
import json
import os
import random
import selectors
import shutil
import struct
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sim_tests.hostile import faults, house as houses, report
from sim_tests.hostile.jobs import KNOWN
from sim_tests.hostile.judge import answer, without
from sim_tests.hostile.place import Known, Place
from sim_tests.hostile.prepared import Prepared
from sim_tests.hostile.tree import epochs, weights
from sim_tests.hostile.trial import Outcome, Trial, Verdict


class Runner:
    """Builds the house in a folder, learns what undisturbed jobs come to, and runs trials."""

    def __init__(self, folder: Path, seed: int, keep: bool = False):
        self._folder, self._seed, self._keep = folder, seed, keep
        self._house = folder / "house"
        self._house.mkdir(parents=True)
        houses.build(self._house)
        self._known = {job.name: self._undisturbed(job) for job in KNOWN}

    @property
    def prepared(self) -> Prepared:
        """What trials are made from."""
        return Prepared(self._house, self._known)

    def results(self, trials: dict[str, Trial], jobs: int, end: float) -> Iterator[tuple[str, Verdict]]:
        """(id, verdict) of every trial as it ends; none is started after the time `end`."""
        names = list(trials)
        random.Random(self._seed).shuffle(names)
        todo, tell = os.pipe()
        for number in range(len(names)):
            os.write(tell, struct.pack("i", number))
        os.close(tell)
        workers = [self._worker(trials, names, todo, end) for _ in range(jobs)]
        os.close(todo)
        with selectors.DefaultSelector() as selector:
            for _, results in workers:
                selector.register(results, selectors.EVENT_READ, bytearray())
            while selector.get_map():
                for key, _ in selector.select():
                    content = os.read(key.fd, 1 << 16)
                    if not content:
                        selector.unregister(key.fd)
                        os.close(key.fd)
                    key.data.extend(content)
                    *lines, unfinished = bytes(key.data).split(b"\n")
                    key.data[:] = unfinished
                    for line in lines:
                        name, outcome, *rest = json.loads(line)
                        yield name, Verdict(Outcome(outcome), *rest)
        for pid, _ in workers:
            os.waitpid(pid, 0)

    def one(self, name: str, trial: Trial) -> Verdict:
        """The verdict of one trial, in a folder that is removed after it."""
        folder = self._folder / "trials" / name.replace(" ", "-")
        with suppress(FileNotFoundError):
            shutil.rmtree(folder)
        try:
            place = Place(folder, self._house, self._known, f"{self._seed}/{name}")
            verdict = trial.act(place)
            if self._keep:
                print(*(report.whole(child.last) for child in place.children if child.last), sep="\n")
            return verdict
        except Exception:
            return Verdict(Outcome.HARNESS, " ".join(traceback.format_exc().split())[-400:])
        finally:
            if not self._keep:
                shutil.rmtree(folder, ignore_errors=True)

    def _worker(self, trials: dict[str, Trial], names: list[str], todo: int, end: float) -> tuple[int, int]:
        """(pid, descriptor of the results) of a forked worker that takes trials until none is left."""
        results, tell = os.pipe()
        pid = os.fork()
        if pid:
            os.close(tell)
            return pid, results
        try:
            os.close(results)
            while time.monotonic() < end and (number := os.read(todo, 4)):
                name = names[struct.unpack("i", number)[0]]
                found = self.one(name, trials[name])
                line = (name, found.outcome.value, found.reason, found.command, found.said)
                os.write(tell, json.dumps(line).encode() + b"\n")
        finally:
            os._exit(0)

    def _undisturbed(self, job) -> Known:
        place = Place(self._folder / "known" / job.name, self._house, {}, "")
        place.bring(job)
        before, counted = place.contents(), self._folder / "operations"
        ended = place.run(job.arguments, lambda: (houses.without_lava(), faults.count(counted)), seconds=300)
        if ended.code or ended.timed_out:
            raise SystemExit(f"undisturbed {job.name} ended with {ended.code}\n{ended.errors}")
        made = {path: content for path, content in place.contents().items() if path not in before}
        run = place.path / job.learned
        return Known(ended.code, without(answer(ended), job.loose), weights(run) if job.learned else None,
                     epochs(run) if job.learned else {}, made, int(counted.read_text()))
