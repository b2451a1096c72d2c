"""What every engine offers, what it says it can do, and what it tells of a run."""
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from lava_opzo.engines.largest import Largest
from lava_opzo.engines.record import Label, Record
from lava_opzo.engines.touches import Touches
from lava_opzo.network.state import State
from lava_opzo.silicon.readouts import READOUTS


@dataclass(frozen=True)
class Abilities:
    """What an engine can run and what it counts.

    numbers, credits, gates: names. topologies: classes. profiles: names, None for any. counts_touches: whether it counts rail
    touches. keeps_largest: whether it keeps the largest size of every variable. records: whether every step can be recorded.
    floors: whether its membranes can have a floor, which stock `LIF` has not. readouts: kinds of outputs. steps: the number
    systems in which its weights can learn in every step. auxiliary: whether readouts of its hidden layers can teach.
    """

    numbers: tuple[str, ...]
    credits: tuple[str, ...]
    topologies: tuple[type, ...]
    gates: tuple[str, ...] = ("psi",)
    profiles: tuple[str, ...] | None = None
    counts_touches: bool = True
    keeps_largest: bool = True
    records: bool = True
    floors: bool = True
    readouts: tuple[str, ...] = READOUTS
    steps: tuple[str, ...] = ()
    auxiliary: bool = False


@dataclass(frozen=True)
class Seen:
    """What an engine has seen over all samples learned in it; None for what it does not count.

    spike_rates: share of the steps of all windows in which a neuron spiked, one a hidden population. rail_touches: entries that
    an update left at a rail, by connection. largest: the largest sizes, by population and variable (`lava_opzo.engines.largest`).
    """

    spike_rates: list[float]
    rail_touches: Touches | None
    largest: Largest | None


class Engine(Protocol):
    """One network, ready to learn. A context manager; `stop` may be called instead, and twice.

    chunk: samples of one call to train, about a second at most, so that progress and an interrupt are quick.
    """

    abilities: ClassVar[Abilities]
    chunk: int

    def __enter__(self) -> "Engine": ...

    def __exit__(self, *exception: object) -> None: ...

    def train(self, frames: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Learn the samples in order; the predictions made on the way, int32 (n,), or (n, n_out) where outputs are no classes.

        Where weights learn in every step, labels (n, K) give each step its class, -1 for none, and predictions are (n, K), too,
        -1 in steps before label_from.

        Shapes:
            frames: uint8 (n, 1 or K, n_in). labels: (n,), (n, K), or (n, n_out).
        """
        ...

    def evaluate(self, frames: np.ndarray, every_step: bool = False) -> np.ndarray:
        """Predict without noise and without learning, int32 as `train`; every_step: (n, K), where weights learn in every step.

        Where neurons carry what they hold from sample to sample, they do so here, too.
        """
        ...

    def settle(self) -> None:
        """Let the next sample begin at rest, where it would go on with what neurons hold from the one before."""
        ...

    def state(self) -> State:
        """The learned state, a copy."""
        ...

    def seen(self) -> Seen:
        """What was seen so far."""
        ...

    def stop(self) -> None:
        """End whatever runs."""
        ...


class Recorder(Protocol):
    """One network that learns sample by sample and tells every variable of every step."""

    def sample(self, frames: np.ndarray, label: Label) -> Record:
        """Learn one sample; its record.

        Shapes:
            frames: uint8 (1 or K, n_in).
        """
        ...

    def stop(self) -> None:
        """End whatever runs."""
        ...
