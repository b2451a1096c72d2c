"""The timeline of one sample: which layer does what in which step (docs/arithmetic.md section 6)."""
from dataclasses import dataclass
from functools import cached_property

from lava_opzo.errors import UserError
from lava_opzo.learning.step import Step


@dataclass(frozen=True)
class Schedule:
    """Steps of one sample for a network with `depth` hidden layers.

    steps: K of a window. windows: 1 or 2. x_max: ranks of eligibility. d_bits: bits of dhat, 0 where M does not learn. learn: False for an evaluation,
    which has one window without noise and nothing after it.
    """

    depth: int
    steps: int
    windows: int = 2
    x_max: int = 2
    d_bits: int = 2
    learn: bool = True

    def __post_init__(self):
        for name, low, high in (("depth", 1, 4), ("steps", 1, 1024), ("windows", 1, 2), ("x_max", 1, 7), ("d_bits", 0, 7)):
            value = getattr(self, name)
            if not low <= value <= high:
                raise UserError(f"schedule: {name} {value} is outside {low}..{high}; choose a value in that range")

    @property
    def window_steps(self) -> int:
        return self.steps * (self.windows if self.learn else 1)

    @property
    def answer(self) -> int:
        """The step in which the readout has its last input: it predicts, and sends the positive part of the error."""
        return self.depth + self.window_steps

    @property
    def credit(self) -> int:
        """The step in which the hidden layers have their third factor: the first rank of the weight updates."""
        return self.answer + 2

    @property
    def feedback(self) -> int:
        """The first step of the updates of M."""
        return self.credit + self.x_max

    @property
    def length(self) -> int:
        """Steps of one sample."""
        return self.feedback + 2 * self.d_bits if self.learn else self.answer + 1

    @cached_property
    def programs(self) -> tuple[tuple[Step, ...], ...]:
        """One program of `length` steps per layer: index 0 the input, 1..depth hidden, depth + 1 the readout."""
        return tuple(
            tuple(self._step(layer, tau) for tau in range(self.length)) for layer in range(self.depth + 2)
        )

    def _step(self, layer: int, tau: int) -> Step:
        readout = layer == self.depth + 1
        fields = {"last": tau == self.length - 1}
        t = tau - layer
        if 0 <= t < self.window_steps:
            window, k = divmod(t, self.steps)
            fields |= {"first": t == 0, "start": k == 0, "window": window, "frame": k,
                       "sign": (1 - 2 * window) if self.learn else 0}
        if readout:
            fields |= {"credit": tau == self.answer}
        if self.learn:
            fields |= self._learning(layer, tau, readout)
        return Step(**fields)

    def _learning(self, layer: int, tau: int, readout: bool) -> dict:
        fields = {}
        part = {0: 1, 1: -1}.get(tau - self.answer, 0)
        if readout:
            fields["error"] = part
        elif layer > 0:
            fields["third"] = {1: 1, 2: -1}.get(tau - self.answer, 0)
            fields["credit"] = fields["decay"] = tau == self.credit
        if self.credit <= tau < self.feedback:
            fields["rank"] = tau - self.credit + 1
        if layer > 0 and self.feedback <= tau:
            negative, bit = divmod(tau - self.feedback, self.d_bits)
            fields |= {"m_sign": -1 if negative else 1, "m_bit": bit}
        return fields
