"""Holding a target, whose inner steps nobody records, against a reference: by what a host can read between runs.

After every sample, or every few, all that can be read is compared. A difference is then narrowed down by shorter runs, each
started anew from the reference's state: first to one sample, then by halts after each of its time steps.
"""
import contextlib
import time
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from lava_opzo.engines.reader import Reader
from lava_opzo.engines.record import Record, before_the_first, last_rows, state_after
from lava_opzo.engines.registry import recorder
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.verification.difference import Comparison, Difference, Place
from lava_opzo.verification.lockstep import Make, Report, Show, silent, start_of
from lava_opzo.verification.operands import operation
from lava_opzo.verification.ranges import Ranges
from lava_opzo.verification.readable import Halts

PARTS = 8
"""Into how many shorter runs a stretch of samples with a difference is cut."""


class Shown(Protocol):
    """What shows itself to a host only between runs, such as `lava_opzo.engines.target.Target`. name: one word for tables."""

    @property
    def name(self) -> str: ...

    def check(self, network: Network) -> None:
        """Raise UserError for a network that it cannot learn."""
        ...

    def reader(self, network: Network, state: State, rows: int) -> Reader:
        """The network in it, started from a copy of `state`."""
        ...


@dataclass(frozen=True)
class Found:
    """A sample after which something differs.

    known, state: the first sample that is not known to be right, and the reference's state before it. first: the difference.
    record, before, earlier: the reference's record of the sample, its last row before the sample, and the one before that.
    """

    sample: int
    known: int
    state: State
    first: Difference
    record: Record
    before: Record
    earlier: Record | None


class Trial:
    """One target, one reference and some samples."""

    def __init__(self, network: Network, frames: np.ndarray, labels: np.ndarray, target: Shown, reference: str,
                 make: Make) -> None:
        self.network, self.frames, self.labels = network, frames, labels
        self.target, self.reference, self.make, self.halts = target, reference, make, Halts(network)
        self.notes: list[str] = []
        self.has_steps = self._weights_first = False

    def walk(self, state: State, first: int, stop: int, every: int, report: Report, show: Show = silent) -> Found | None:
        """Learn samples first..stop - 1 in both, from `state`; the first one after which something differs."""
        before, earlier, known = before_the_first(self.network, state), None, (first, state)
        (comparison,) = report.comparisons
        with contextlib.ExitStack() as stack:
            reference = self.make(self.reference, self.network, state, self.frames.shape[1])
            stack.callback(reference.stop)
            reader = self._reader(stack, state)
            for s in range(first, stop):
                record = reference.sample(self.frames[s], self.labels[s])
                read = (s + 1 - first) % every == 0 or s + 1 == stop
                row = reader.sample(self.frames[s], self.labels[s], read)
                report.ranges.add(record, before)
                if read:
                    report.read = {part: list(variables) for part, variables in row.items()}
                comparison.add(s, *self.halts.pair(record, row, self.halts.last), begin=self.halts.last)
                show(s + 1, stop)
                if comparison.first is not None:
                    return Found(s, *known, comparison.first, record, before, earlier)
                before, earlier = last_rows(record), before
                if read:
                    known = (s + 1, state_after(self.network, before, state.n_trained + s + 1 - first))
        return None

    def one_sample(self, found: Found) -> Found:
        """The first sample with a difference, by shorter and shorter runs from the last state known to be right."""
        while found.sample > found.known:
            every = max(1, (found.sample + 1 - found.known) // PARTS)
            self.notes.append(f"samples {found.known}..{found.sample} again, read after every {every}")
            again = self.walk(found.state, found.known, found.sample + 1, every,
                              _report(self.network, self.reference, self.target))
            if again is None:
                self.notes.append("that run shows no difference: it needs more than the state before it, or does not repeat")
                break
            found = again
        return found

    def one_step(self, state: State, first: int, found: Found) -> Difference | None:
        """The first difference after a time step of the sample, in a run from it, the one before it or the first one."""
        n_trained = state.n_trained + found.sample - first
        starts = [(found.sample, state_after(self.network, found.before, n_trained))]
        if found.earlier is not None:
            starts.append((found.sample - 1, state_after(self.network, found.earlier, n_trained - 1)))
        for begin, begun in [*starts, *([(first, state)] if first < starts[-1][0] else [])]:
            halt = self._halted(begun, begin, found, weights=False)
            if halt is not None and self._weights_first:
                halt = self._halted(begun, begin, found, weights=True)
            if halt is not None:
                self.notes.append(f"sample {found.sample} step by step, in a run from the state before sample {begin}")
                return halt
        self.notes.append(f"sample {found.sample} step by step shows no difference: it does not repeat")
        return None

    def _halted(self, state: State, begin: int, found: Found, weights: bool) -> Difference | None:
        comparison = Comparison(self.reference, self.target.name)
        with contextlib.ExitStack() as stack:
            reader = self._reader(stack, state)
            for s in range(begin, found.sample):
                reader.sample(self.frames[s], self.labels[s], read=False)
            for tau, row in enumerate(reader.steps(self.frames[found.sample], self.labels[found.sample], weights)):
                if comparison.add(found.sample, *self.halts.pair(found.record, row, tau), begin=tau):
                    late = not weights and tau < self.network.schedule().ranks
                    self._weights_first = late and self._differing_weights(found.record, reader.read(), tau)
                    return comparison.first
        return None

    def _differing_weights(self, record: Record, row: Record, tau: int) -> bool:
        """Whether weights differ at this halt: where they were not read before it, they may have done so before anything else."""
        left, right = self.halts.pair(record, row, tau)
        return any(not np.array_equal(variables["weights"], right[part]["weights"])
                   for part, variables in left.items() if "weights" in variables)

    def _reader(self, stack: contextlib.ExitStack, state: State) -> Reader:
        reader = self.target.reader(self.network, state, self.frames.shape[1])
        stack.callback(reader.stop)
        self.has_steps = reader.steps_are_readable
        return reader


def verify_target(network: Network, state: State, frames: np.ndarray, labels: np.ndarray, target: Shown, reference: str = "twin",
                  only_sample: int | None = None, every: int = 1, show: Show = silent, make: Make = recorder) -> Report:
    """Learn the samples in a reference and in the target, and compare what the target shows; `state` stays as it is.

    only_sample: that one alone, from the state of the reference before it. every: samples between two readings of all that can be
    read; predictions are compared after each sample. Stops at the first difference and narrows it down.

    Shapes:
        frames: uint8 (n, rows, n_in). labels: (n,), or (n, K) of steps.
    """
    target.check(network)
    state, first, stop = start_of(make, reference, network, state, frames, labels, only_sample, show)
    trial, report = Trial(network, frames, labels, target, reference, make), _report(network, reference, target)
    started = time.monotonic()
    found = trial.walk(state, first, stop, every, report, show)
    report.samples = stop - first
    if found is not None:
        report.samples = found.sample + 1 - first
        found = trial.one_sample(found)
        difference = found.first
        if found.sample == found.known and trial.has_steps:
            difference = trial.one_step(state, first, found) or difference
        (comparison,) = report.comparisons
        comparison.first = difference
        place = _written(difference.place, found.record, trial.halts.last)
        report.operation = operation(network, place, found.record, found.before, labels[found.sample],
                                     state.n_trained + found.sample - first)
        report.notes = trial.notes + ([] if place == difference.place else
                                      [f"nothing else can be told apart; {reference} wrote this value in step {place.step}"])
    report.seconds = time.monotonic() - started
    return report


def _written(place: Place, record: Record, last: int) -> Place:
    """The place of a value that was read after a sample: where the reference wrote it last."""
    values = record[place.part][place.variable][(slice(None), *place.index)]
    changes = np.flatnonzero(np.diff(values))
    return replace(place, step=int(changes[-1]) + 1) if place.step == last and len(changes) else place


def _report(network: Network, reference: str, target: Shown) -> Report:
    return Report((reference, target.name), 0, [Comparison(reference, target.name)], Ranges(network))
