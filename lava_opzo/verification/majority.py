"""When engines disagree: who stands against whom, whom to believe, and where to look."""
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lava_opzo.arithmetic.factors import hidden_credit, readout_credit
from lava_opzo.arithmetic.fixed import error, membrane, noise, quantiser, synapses, weights

LAVA, TWIN, ORACLE = "Lava", "twin", "oracle"

FAMILY = {"stock": LAVA, "fast": LAVA, "twin": TWIN, "oracle": ORACLE}
"""Engine -> those that share its code: `stock` and `fast` run the same process models, so that they agree proves nothing."""

Functions = tuple[Callable[..., Any], ...]

LOOK: dict[str, tuple[Functions, int]] = {
    "z_state": ((noise.advance,), 3), "v": ((membrane.integrate, membrane.fire), 3), "psi": ((membrane.near_threshold,), 3),
    "count": ((membrane.fire,), 3), "o_plus": ((synapses.received,), 3), "o_minus": ((synapses.received,), 3),
    "prediction": ((error.predict,), 4), "error": ((error.output_error,), 4), "d_hat": ((readout_credit, quantiser.quantise), 4),
    "d_residual": ((readout_credit, quantiser.quantise), 4), "baseline": ((quantiser.above_mean,), 4),
    "g": ((synapses.received,), 4), "y1": ((error.positive,), 4),
    "y2": ((error.negative,), 4), "y3": ((weights.decay_rows,), 5), "weights": ((synapses.learned, weights.decay), 5),
    "residual": ((synapses.summed, quantiser.factor), 5), "spikes": ((membrane.fire, quantiser.round_count), 3),
}
"""Variable -> the functions that the process models compute it with, and the section of docs/arithmetic.md that says how."""

OTHERS = {
    TWIN: {3: "lava_opzo/engines/twin/integers/forward.py", 4: "lava_opzo/engines/twin/integers/credit.py",
           5: "lava_opzo/engines/twin/integers/learning.py"},
    ORACLE: dict.fromkeys((3, 4, 5), "lava_opzo/engines/oracle/sample.py"),
}
"""Family -> section of docs/arithmetic.md -> the file in which that engine computes it."""


@dataclass(frozen=True)
class Sides:
    """The engines by the value that each has at the place of the first difference.

    groups: value -> engines. trusted: the engine whose operands are right, as far as a majority tells.
    """

    groups: dict[int, tuple[str, ...]]
    trusted: str
    is_clear: bool

    @property
    def doubtful(self) -> list[str]:
        """The engines that stand against the trusted one."""
        return [name for names in self.groups.values() if self.trusted not in names for name in names]


def sides(values: dict[str, int]) -> Sides:
    """Who has which value. The side with most families of engines is believed, at a tie that of the first engine."""
    groups: dict[int, tuple[str, ...]] = {}
    for name, number in values.items():
        groups[number] = (*groups.get(number, ()), name)
    sizes = {number: len({FAMILY.get(name, name) for name in names}) for number, names in groups.items()}
    most = max(sizes.values())
    believed = next(names for number, names in groups.items() if sizes[number] == most)
    return Sides(groups, believed[0], list(sizes.values()).count(most) == 1)


def verdict(found: Sides, variable: str, is_readout: bool) -> str:
    """One line: who differs from whom, where to look, and which section says what is right."""
    doubtful, trusted = found.doubtful, [name for names in found.groups.values() if found.trusted in names for name in names]
    functions, section = (((readout_credit if is_readout else hidden_credit, quantiser.factor), 4)
                          if variable in ("y", "y_residual") else LOOK[variable])
    families = dict.fromkeys(FAMILY.get(name, name) for name in (doubtful if found.is_clear else (*trusted, *doubtful)))
    places = [place for family in families for place in _places(family, functions, section)]
    said = f"{_listed(doubtful)} differ{'s' if len(doubtful) == 1 else ''} from {_listed(trusted)}"
    where = f"look at {', '.join(places)}, " if places else ""
    return f"{said}{'' if found.is_clear else ' (no majority)'}: {where}docs/arithmetic.md section {section}"


def _places(family: str, functions: Functions, section: int) -> list[str]:
    if family == LAVA:
        return [f"{one.__module__.replace('.', '/')}.py {one.__name__}" for one in functions]
    return [OTHERS[family][section]] if family in OTHERS else []


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
