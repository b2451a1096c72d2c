"""Running the same samples through several engines in lock step."""
import contextlib
import time
from dataclasses import dataclass

import numpy as np

from lava_opzo.engines.record import before_the_first, last_rows, state_after
from lava_opzo.engines.registry import recorder
from lava_opzo.errors import UserError
from lava_opzo.network.network import Config
from lava_opzo.network.state import State
from lava_opzo.verify.difference import Comparison, Difference
from lava_opzo.verify.operands import operands
from lava_opzo.verify.ranges import Ranges


@dataclass
class Report:
    """What `verify` found. comparisons: the first engine with each other one. formula, operands: of the first difference."""

    engines: tuple[str, ...]
    samples: int
    comparisons: list[Comparison]
    ranges: Ranges
    seconds: float = 0.0
    formula: str = ""
    operands: dict | None = None

    @property
    def first(self) -> tuple[Comparison, Difference] | None:
        """The earliest first difference of all comparisons."""
        found = [comparison for comparison in self.comparisons if comparison.first]
        if not found:
            return None
        earliest = min(found, key=lambda comparison: (comparison.first.place.sample, comparison.first.place.step))
        return earliest, earliest.first

    @property
    def compared(self) -> int:
        return sum(comparison.compared for comparison in self.comparisons)

    @property
    def differing(self) -> int:
        return sum(comparison.differing for comparison in self.comparisons)


def verify(config: Config, state: State, frames: np.ndarray, labels: np.ndarray, engines: tuple[str, ...],
           only_sample: int | None = None, show=lambda done, total: None, make=recorder) -> Report:
    """Learn the samples in every engine and compare every variable at every step; `state` stays as it is.

    frames uint8 (n, rows, n_in), labels (n,). only_sample: compare that one alone; the first engine learns those before it.
    Stops after the first sample in which something differs. show(done, total) is called after every sample.
    make: what starts an engine by its name, as `lava_opzo.engines.registry.recorder`.
    """
    first, n = 0, len(frames)
    if only_sample is not None:
        if not 0 <= only_sample < n:
            raise UserError(f"only sample {only_sample} is outside 0..{n - 1}; raise the number of samples or choose another")
        state = _after(make, engines[0], config, state, frames[:only_sample], labels, show)
        first, n = only_sample, only_sample + 1
    report = Report(engines, n - first, [Comparison(engines[0], other) for other in engines[1:]], Ranges(config))
    before, started = before_the_first(config, state), time.monotonic()
    with contextlib.ExitStack() as stack:
        running = [_started(stack, make, name, config, state, frames.shape[1]) for name in engines]
        for done, s in enumerate(range(first, n)):
            records = [engine.sample(frames[s], int(labels[s])) for engine in running]
            report.ranges.add(records[0], before)
            new = [comparison.add(s, records[0], record) for comparison, record in zip(report.comparisons, records[1:])]
            show(s + 1, n)
            if any(new):
                report.samples = done + 1
                report.formula, report.operands = operands(config, report.first[1].place, records[0], before, int(labels[s]),
                                                           state.n_trained + done)
                break
            before = last_rows(records[0])
    report.seconds = time.monotonic() - started
    return report


def _started(stack, make, name, config, state, rows):
    engine = make(name, config, state, rows)
    stack.callback(engine.stop)
    return engine


def _after(make, name, config, state, frames, labels, show) -> State:
    """The state after these samples in the engine `name`."""
    with contextlib.ExitStack() as stack:
        engine = _started(stack, make, name, config, state, frames.shape[1])
        for s, frame in enumerate(frames):
            record = engine.sample(frame, int(labels[s]))
            show(s + 1, len(frames) + 1)
    return state_after(config, record, state.n_trained + len(frames)) if len(frames) else state
