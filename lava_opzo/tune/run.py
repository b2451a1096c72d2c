"""A tuning: trials in several threads until the time of the search is up, then the best settings with other seeds."""
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lava_opzo.data import Dataset
from lava_opzo.errors import UserError
from lava_opzo.network.form import changed
from lava_opzo.runs.interrupt import stop_at_first_interrupt
from lava_opzo.tune import trials as records
from lava_opzo.tune.folder import TuneFolder, Tuning
from lava_opzo.tune.learning import Ended, learned
from lava_opzo.tune.space import Steps, knobs, turned
from lava_opzo.tune.study import Study
from lava_opzo.tune.trials import REFUSED, Trial

SEARCH_SHARE = 0.75
"""The part of the time for the search; the rest is for confirming what it found."""

CONFIRMED, SEEDS = 12, 2
"""The most settings that learn again beside those that the tuning began with, the best first, and with how many other seeds."""

POLL_SECONDS = 0.1

Say = Callable[[Sequence[Trial], float], None]
"""say(trials so far, share of the time that is over) is called often, from the calling thread alone."""


@dataclass(frozen=True)
class Found:
    """Settings and their accuracies on validation samples, one a seed, the first one that of the search."""

    steps: Steps
    accuracies: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Over the seeds."""
        return float(np.mean(self.accuracies))


@dataclass(frozen=True)
class Outcome:
    """What a tuning came to. best, start: the best settings and those that it began with, None where they did not get through."""

    trials: tuple[Trial, ...]
    confirmations: tuple[Trial, ...]
    best: Found | None
    start: Found | None
    interrupted: bool


def tune(folder: TuneFolder, tuning: Tuning, dataset: Dataset, seconds: float, jobs: int, most: int | None, say: Say) -> Outcome:
    """Search and confirm, and leave every trial in the folder as it ends. dataset: with validation samples as its test part.

    most: trials of this call, None for as many as there is time for. Trials that the first interrupt meets are dropped.
    """
    found = knobs(tuning.start.network)
    known, confirmed = records.read(folder.trials, found), records.read(folder.confirmations, found)
    begun, study = time.monotonic(), Study(found, tuning.start.training.epochs, tuning.start.network.seed, known)
    with stop_at_first_interrupt() as interrupted:
        at_work = _Work(tuning, dataset, folder, study, known, confirmed, interrupted)
        at_work.until(begun + SEARCH_SHARE * seconds)
        allowed = None if most is None else threading.Semaphore(most)

        def search() -> bool:
            return (allowed is None or allowed.acquire(blocking=False)) and at_work.search()

        def told() -> None:
            say(at_work.trials, min(1.0, (time.monotonic() - begun) / seconds))

        _in_threads(jobs, search, at_work.stopped, told)
        at_work.until(begun + seconds)
        left = at_work.to_confirm()
        _in_threads(jobs, lambda: at_work.confirm(left), at_work.stopped, told)
        told()
        best, start = at_work.best()
        return Outcome(tuple(at_work.trials), tuple(at_work.confirmed), best, start, interrupted())


class _Work:
    """What the threads of a tuning share; each of its calls learns one trial."""

    def __init__(self, tuning: Tuning, dataset: Dataset, folder: TuneFolder, study: Study, known: list[Trial],
                 confirmed: list[Trial], interrupted: Callable[[], bool]) -> None:
        self._tuning, self._dataset, self._folder, self._study = tuning, dataset, folder, study
        self.trials, self.confirmed = list(known), list(confirmed)
        self._interrupted, self._lock, self._end = interrupted, threading.Lock(), 0.0

    def until(self, end: float) -> None:
        """Go on until this time of `time.monotonic`."""
        self._end = end

    def stopped(self) -> bool:
        """Whether the time is up, or somebody interrupts."""
        return self._interrupted() or time.monotonic() > self._end

    def search(self) -> bool:
        """One trial of the search; False where it was stopped."""
        asked, steps = self._study.ask()
        seed = self._tuning.start.network.seed
        ended = self._learned(steps, seed, lambda epoch, share: self._study.behind(asked, epoch, share))
        if ended is None:
            self._study.drop(asked)
            return False
        self._study.tell(asked, self._keep(self.trials, self._folder.trials, steps, seed, ended))
        return True

    def to_confirm(self) -> list[tuple[Steps, int]]:
        """The settings and seeds that are still to be confirmed: the start, then the best ones."""
        start = [trial for trial in self.trials if trial.is_start and trial.accuracy is not None][:1]
        best = [trial for trial in records.ranked(self.trials) if trial.accuracy is not None and not trial.is_start]
        chosen: list[Steps] = [trial.steps for trial in start]
        for trial in best:
            if trial.steps not in chosen and len(chosen) < CONFIRMED + len(start):
                chosen.append(trial.steps)
        done = [(trial.steps, trial.seed) for trial in self.confirmed]
        seed = self._tuning.start.network.seed
        wanted = [(steps, seed + 1 + number) for steps in chosen for number in range(SEEDS)]
        return [one for one in wanted if one not in done] if len(chosen) > len(start) else []

    def confirm(self, left: list[tuple[Steps, int]]) -> bool:
        """One of the settings that are left to confirm; False where none is, or it was stopped."""
        with self._lock:
            if not left:
                return False
            steps, seed = left.pop(0)
        ended = self._learned(steps, seed, lambda epoch, share: False)
        if ended is None:
            return False
        self._keep(self.confirmed, self._folder.confirmations, steps, seed, ended)
        return True

    def best(self) -> tuple[Found | None, Found | None]:
        """(the best settings, those that the tuning began with), by the mean over all seeds where some were confirmed."""
        found = [Found(trial.steps, (trial.accuracy, *again)) for trial in records.ranked(self.trials)
                 if trial.accuracy is not None and (again := self._again(trial)) is not None]
        most = max((len(one.accuracies) for one in found if any(one.steps.values())), default=0)
        start = next((one for one in found if not any(one.steps.values())), None)
        if start is not None and most == 1:  # nothing else was confirmed: the seed of the search is what they share
            start = Found(start.steps, start.accuracies[:1])
        rivals = [one for one in found if any(one.steps.values()) and len(one.accuracies) == most]
        if start is not None and (len(start.accuracies) == most or not rivals):
            rivals.insert(0, start)
        return max(rivals, key=lambda one: one.mean, default=None), start

    def _again(self, trial: Trial) -> tuple[float, ...] | None:
        """The accuracies of a trial's settings with the other seeds, as far as all were confirmed; None where one is out."""
        again = [one for one in self.confirmed if one.steps == trial.steps]
        if any(one.accuracy is None for one in again):
            return None
        shares = [one.accuracy for one in sorted(again, key=lambda one: one.seed) if one.accuracy is not None]
        return tuple(shares) if len(shares) == SEEDS else ()

    def _learned(self, steps: Steps, seed: int, behind: Callable[[int, float], bool]) -> Ended | None:
        start = self._tuning.start
        try:
            experiment = turned(start, len(self._dataset.train_labels), steps)
            experiment = replace(experiment, network=changed(experiment.network, seed=seed))
        except UserError as error:
            return Ended(REFUSED, (), 0.0, str(error))
        return learned(experiment, self._dataset, self._tuning.wanted, behind, self.stopped)

    def _keep(self, kept: list[Trial], path: Path, steps: Steps, seed: int, ended: Ended) -> Trial:
        with self._lock:
            trial = Trial(len(kept), dict(steps), seed, ended.state, ended.curve, ended.seconds, ended.reason)
            records.append(path, trial)
            kept.append(trial)
            return trial


def _in_threads(jobs: int, work: Callable[[], bool], stopped: Callable[[], bool], told: Callable[[], None]) -> None:
    """Call `work` again and again in so many threads until it returns False or `stopped`; raise what one of them raised."""
    failures: list[BaseException] = []

    def loop() -> None:
        try:
            while not stopped() and not failures and work():
                pass
        except BaseException as error:  # raised where the threads are joined
            failures.append(error)

    threads = [threading.Thread(target=loop, name=f"tune {number}", daemon=True) for number in range(jobs)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        threads[0].join(POLL_SECONDS)
        told()
        for thread in threads[1:]:
            thread.join(POLL_SECONDS / 10)
    if failures:
        raise failures[0]
