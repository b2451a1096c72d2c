"""The phases that a sample consists of: how long each lasts, and what every population does in it (docs/arithmetic.md section 6).

Populations are numbered along the chain: 0 the input, 1..depth the hidden ones, depth + 1 the readout. A Dense delays by one
step, so population l is l steps behind the input; what it does in a phase may therefore lie after the steps that the phase
takes for itself, where the next phase has begun for the others.

A number beyond depth + 1 is that of an auxiliary readout (`auxiliary_place`): it sums up what it hears as early as the layer that
it reads allows, holds the sums, and does all else in the steps of the readout.
"""
from dataclasses import dataclass
from typing import Any, Protocol


def auxiliary_place(layer: int, depth: int) -> int:
    """The number of the auxiliary readout that reads hidden population `layer`."""
    return depth + 1 + layer


def _behind(population: int, depth: int) -> int:
    """Steps that a population is behind the input; an auxiliary readout is one behind the layer that it reads."""
    return population if population <= depth + 1 else population - depth


class Phase(Protocol):
    """A part of a sample. t counts the time steps since it began for the input."""

    @property
    def label(self) -> str:
        """What a picture calls it."""
        ...

    def length(self, depth: int) -> int:
        """Time steps until the next phase begins."""
        ...

    def fields(self, population: int, depth: int, t: int) -> dict[str, Any]:
        """The fields of `Step` that this phase sets for a population in its step t; {} for none."""
        ...


@dataclass(frozen=True)
class Window:
    """K forward steps with noise. number: which window of the sample. sign: of the noise, +1, -1, or 0 for none.

    turn_every: steps after which the sign changes, each time; what the readout receives under the other sign counts as that of
    window 1. 0 for a window with one sign.
    """

    number: int
    sign: int
    steps: int
    turn_every: int = 0

    @property
    def label(self) -> str:
        """With the sign of the noise."""
        return f"window {'±' if self.turn_every else '-0+'[self.sign + 1]}"

    def length(self, depth: int) -> int:
        """K: the next window follows at once."""
        return self.steps

    def fields(self, population: int, depth: int, t: int) -> dict[str, Any]:
        """Window step k = t - the steps that the population is behind."""
        k = t - _behind(population, depth)
        if not 0 <= k < self.steps:
            return {}
        turned = k // self.turn_every % 2 if self.turn_every else 0
        first = self.number == 0 and k == 0
        return {"first": first, "rest": first, "start": k == 0, "window": self.number + turned, "frame": k,
                "sign": -self.sign if turned else self.sign}


@dataclass(frozen=True)
class Advance:
    """One step of the algorithm where weights learn in every step: the populations take it one after the other.

    number: which step of the sample. The noise has the sign + in even steps and - in odd ones. carry: whether the sample goes on
    with what neurons hold from the one before.
    """

    number: int
    carry: bool = False

    @property
    def steps(self) -> int:
        """Steps of the algorithm."""
        return 1

    @property
    def label(self) -> str:
        """Which step."""
        return f"{self.number}"

    def length(self, depth: int) -> int:
        """The next phase follows at once."""
        return 1

    def fields(self, population: int, depth: int, t: int) -> dict[str, Any]:
        """Population l is l steps behind the input."""
        if t != _behind(population, depth):
            return {}
        first, odd = self.number == 0, self.number % 2
        rest = first and not self.carry
        return {"first": first, "rest": rest, "start": rest, "window": odd, "frame": self.number, "sign": 1 - 2 * odd,
                "alone": True}


@dataclass(frozen=True)
class Listen:
    """K steps of an evaluated sample where weights learn in every step: no noise, and the readout answers each of them.

    carry: as in `Advance`.
    """

    steps: int
    carry: bool = False

    @property
    def label(self) -> str:
        """What the readout does meanwhile."""
        return "answers"

    def length(self, depth: int) -> int:
        """Until the readout has answered the last step."""
        return self.steps + depth + 1

    def fields(self, population: int, depth: int, t: int) -> dict[str, Any]:
        """Step k = t - the steps that the population is behind."""
        k = t - _behind(population, depth)
        if not 0 <= k < self.steps:
            return {}
        rest = k == 0 and not self.carry
        return {"first": k == 0, "rest": rest, "start": rest, "window": 0, "frame": k, "alone": True,
                "answer": population == depth + 1}


@dataclass(frozen=True)
class Answer:
    """The readouts predict; in a training sample each sends its error in two parts, and the hidden layers take it.

    It begins when the input has sent its last payload. The second part reaches the hidden layers in the first step of the next
    phase, in which they compute y, too. last: whether the sample has no answer after this one, so that dhat is computed.
    """

    learn: bool
    last: bool = True

    @property
    def label(self) -> str:
        """What the readout sends."""
        return "answer, error" if self.learn else "answer"

    def length(self, depth: int) -> int:
        """Until the hidden layers have their third factor; without learning until the prediction."""
        return depth + 2 if self.learn else depth + 1

    def fields(self, population: int, depth: int, t: int) -> dict[str, Any]:
        """t = depth: the readout has its last input. One step later the hidden layers receive what it sent."""
        after = t - depth
        if not 0 <= after <= 2:
            return {}
        if population > depth + 1 and not self.learn:
            return {}  # nobody asks it
        if population > depth:
            found: dict[str, Any] = {"answer": after == 0, "quantise": self.learn and after == 0}
            found |= {"difference": found["quantise"] and self.last}
            return found | ({"error": {0: 1, 1: -1}.get(after, 0)} if self.learn else {})
        if not self.learn:
            return {}
        if population == 0:
            return {"label": after == 0}
        return {"third_factor": {1: 1, 2: -1}.get(after, 0), "quantise": after == 2}


@dataclass(frozen=True)
class Ranks:
    """The forward weights learn: in step r every neuron whose rounded count is at least r sends an eligibility spike.

    last: whether no ranks of this sample follow; M decays beside the first of the last ones.
    """

    x_max: int
    last: bool = True

    @property
    def label(self) -> str:
        """What learns."""
        return "W"

    def length(self, depth: int) -> int:
        """One step a rank."""
        return self.x_max

    def fields(self, population: int, depth: int, t: int) -> dict[str, Any]:
        """Rank t + 1 for all at once."""
        if not 0 <= t < self.x_max:
            return {}
        return {"rank": t + 1} | ({"decay": t == 0 and self.last} if 0 < population <= depth else {})


@dataclass(frozen=True)
class Bits:
    """The feedback weights M learn: the readout sends the positive part of dhat bit by bit, then the negative part."""

    d_bits: int

    @property
    def label(self) -> str:
        """What learns."""
        return "M"

    def length(self, depth: int) -> int:
        """Two parts of d_bits; none where M does not learn."""
        return 2 * self.d_bits

    def fields(self, population: int, depth: int, t: int) -> dict[str, Any]:
        """Bit t of the positive part, then bit t - d_bits of the negative part."""
        if population == 0 or not 0 <= t < 2 * self.d_bits:
            return {}
        negative, bit = divmod(t, self.d_bits)
        return {"m_sign": -1 if negative else 1, "m_bit": bit}
