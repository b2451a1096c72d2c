"""All kinds of trials, and how many of each a full run and a part have."""
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sim_tests.hostile import (
    caches,
    command_lines,
    data,
    disks,
    edits,
    environments,
    flips,
    foreign,
    imports,
    sealed,
    signals,
    together,
    truncations,
)
from sim_tests.hostile.prepared import Prepared
from sim_tests.hostile.trial import Trial


@dataclass(frozen=True)
class Kind:
    """A kind: what makes all its trials, in the same order each time, how many a full run and a part choose of them."""

    trials: Callable[[Prepared], Iterable[Trial]]
    full: int
    part: int


KINDS = {
    flips.KIND: Kind(flips.trials, 400, 8),
    truncations.KIND: Kind(truncations.trials, 250, 6),
    edits.KIND: Kind(edits.trials, 400, 8),
    sealed.KIND: Kind(sealed.trials, 100, 6),
    foreign.KIND: Kind(foreign.trials, 200, 6),
    disks.KIND: Kind(disks.trials, 300, 8),
    signals.KIND: Kind(signals.trials, 120, 5),
    together.KIND: Kind(together.trials, 40, 2),
    environments.KIND: Kind(environments.trials, 60, 0),
    caches.KIND: Kind(caches.trials, 8, 0),
    command_lines.KIND: Kind(command_lines.trials, 300, 6),
    data.KIND: Kind(data.trials, 90, 5),
    imports.KIND: Kind(imports.trials, 90, 3),
}


def chosen(prepared: Prepared, seed: int, only: str, part: bool, scale: float) -> dict[str, Trial]:
    """Trials by their ids, as flips-17: so many of every kind, chosen by the seed; of a part none that is slow."""
    found: dict[str, Trial] = {}
    for name, kind in KINDS.items():
        if only and name != only:
            continue
        every = [(f"{name}-{number}", trial) for number, trial in enumerate(kind.trials(prepared)) if not (part and trial.slow)]
        wanted = round(scale * (kind.part if part else kind.full))
        found |= dict(random.Random(f"{seed}/{name}").sample(every, min(wanted, len(every))))
    return found


def by_id(prepared: Prepared, name: str) -> Trial:
    """The trial of an id."""
    kind, _, number = name.rpartition("-")
    return list(KINDS[kind].trials(prepared))[int(number)]
