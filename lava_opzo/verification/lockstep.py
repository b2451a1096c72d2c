"""Running the same samples through several engines in lock step."""
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from lava_opzo.engines.engine import Recorder
from lava_opzo.engines.record import Record, before_the_first, last_rows, state_after
from lava_opzo.engines.registry import recorder
from lava_opzo.errors import UserError
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.verification.difference import Comparison, Difference, Place
from lava_opzo.verification.majority import Sides, sides, verdict
from lava_opzo.verification.operands import Operation, operation
from lava_opzo.verification.ranges import Ranges

Make = Callable[[str, Network, State, int], Recorder]
"""What starts an engine by its name, as `lava_opzo.engines.registry.recorder`."""

Show = Callable[[int, int], None]
"""Called after every sample with the samples done and all samples."""


def silent(done: int, total: int) -> None:
    """Show nothing."""


@dataclass
class Report:
    """What `verify` found.

    comparisons: the first engine with each other one. operation: of the first difference. sides, verdict: who has which value
    there, and who is to be believed, where every engine was recorded. read: part -> variables that were compared, where the last
    engine is a target that tells no more. notes: how a difference in it was narrowed down.
    """

    engines: tuple[str, ...]
    samples: int
    comparisons: list[Comparison]
    ranges: Ranges
    seconds: float = 0.0
    operation: Operation = field(default_factory=Operation)
    sides: Sides | None = None
    verdict: str = ""
    read: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def first(self) -> tuple[Comparison, Difference] | None:
        """The earliest first difference of all comparisons."""
        found = [(comparison, comparison.first) for comparison in self.comparisons if comparison.first is not None]
        return min(found, key=lambda pair: (pair[1].place.sample, pair[1].place.step), default=None)

    @property
    def compared(self) -> int:
        """Values compared."""
        return sum(comparison.compared for comparison in self.comparisons)

    @property
    def differing(self) -> int:
        """Values that differ."""
        return sum(comparison.differing for comparison in self.comparisons)


def verify(network: Network, state: State, frames: np.ndarray, labels: np.ndarray, engines: tuple[str, ...],
           only_sample: int | None = None, show: Show = silent, make: Make = recorder) -> Report:
    """Learn the samples in every engine and compare every variable at every step; `state` stays as it is.

    only_sample: compare that one alone; the first engine learns those before it. Stops after the first sample in which something
    differs.

    Shapes:
        frames: uint8 (n, rows, n_in). labels: (n,).
    """
    state, first, n = start_of(make, engines[0], network, state, frames, labels, only_sample, show)
    report = Report(engines, n - first, [Comparison(engines[0], other) for other in engines[1:]], Ranges(network))
    befores, started = [before_the_first(network, state)] * len(engines), time.monotonic()
    with contextlib.ExitStack() as stack:
        running = [_started(stack, make, name, network, state, frames.shape[1]) for name in engines]
        for done, s in enumerate(range(first, n)):
            records = [engine.sample(frames[s], labels[s]) for engine in running]
            report.ranges.add(records[0], befores[0])
            for comparison, record in zip(report.comparisons, records[1:], strict=True):
                comparison.add(s, records[0], record)
            show(s + 1, n)
            if report.first is not None:
                report.samples, place = done + 1, report.first[1].place
                report.sides = sides({name: _value(record, place) for name, record in zip(engines, records, strict=True)})
                report.verdict = verdict(report.sides, place.variable, place.part in [one.name for one in network.readouts])
                right = engines.index(report.sides.trusted)
                report.operation = operation(network, place, records[right], befores[right], labels[s],
                                             state.n_trained + done)
                break
            befores = [last_rows(record) for record in records]
    report.seconds = time.monotonic() - started
    return report


def start_of(make: Make, name: str, network: Network, state: State, frames: np.ndarray, labels: np.ndarray,
             only_sample: int | None, show: Show) -> tuple[State, int, int]:
    """Where a comparison starts: the state, its first sample, and the one after its last.

    only_sample: None, or the one sample to compare, before which the engine `name` learns the others. Raises UserError for one
    that is not there.
    """
    if only_sample is None:
        return state, 0, len(frames)
    if not 0 <= only_sample < len(frames):
        raise UserError(f"only sample {only_sample} is outside 0..{len(frames) - 1}; "
                        "raise the number of samples or choose another")
    return _after(make, name, network, state, frames[:only_sample], labels, show), only_sample, only_sample + 1


def _value(record: Record, place: Place) -> int:
    return int(record[place.part][place.variable][(place.step, *place.index)])


def _started(stack: contextlib.ExitStack, make: Make, name: str, network: Network, state: State, rows: int) -> Recorder:
    engine = make(name, network, state, rows)
    stack.callback(engine.stop)
    return engine


def _after(make: Make, name: str, network: Network, state: State, frames: np.ndarray, labels: np.ndarray, show: Show) -> State:
    """The state after these samples in the engine `name`."""
    with contextlib.ExitStack() as stack:
        engine, record = _started(stack, make, name, network, state, frames.shape[1]), None
        for s, frame in enumerate(frames):
            record = engine.sample(frame, labels[s])
            show(s + 1, len(frames) + 1)
    return state if record is None else state_after(network, record, state.n_trained + len(frames))
