"""What a pre-flight rule says about a network, and the one place where a finding becomes an error."""
from dataclasses import dataclass

from lava_opzo.errors import DoesNotFitError
from lava_opzo.silicon.limits import Limit

LEVELS = ("error", "warning", "unknown", "ok")
"""Worst first. unknown: the chip's limit is not public, or nothing was measured."""

MEASURED_SAMPLES = 100
"""Samples that the twin measures activity and widths with, unless somebody asks for another number."""


@dataclass(frozen=True)
class Finding:
    """What one rule says of one part of a network.

    part: the name of a population or connection, or words for several of them. used, limit: in `unit`. source: of the limit.
    next_step: what to do about it.
    """

    level: str
    rule: str
    part: str
    used: str
    limit: str
    unit: str
    source: str
    verified: bool
    next_step: str = ""

    def __str__(self) -> str:
        doubt = "" if self.verified else ", not verified"
        step = f"; {self.next_step}" if self.next_step else ""
        return f"{self.rule}, {self.part}: {self.used} of {self.limit} {self.unit} ({self.source}{doubt}){step}"


def judged(rule: str, part: str, used: int | str, limit: Limit, next_step: str, level: str = "error") -> Finding:
    """A finding about a number `used` against a limit: `level` above it, ok within it, unknown where no limit is public."""
    if limit.value is None or isinstance(used, str):
        return Finding("unknown", rule, part, str(used), "?", limit.unit, limit.source, limit.verified,
                       "read it off the board's memory probe")
    over = used > limit.value
    return Finding(level if over else "ok", rule, part, str(used), str(limit.value), limit.unit, limit.source, limit.verified,
                   next_step if over else "")


def worst_first(findings: list[Finding]) -> list[Finding]:
    """Sorted by level; the order within a level stays."""
    return sorted(findings, key=lambda finding: LEVELS.index(finding.level))


def count(findings: list[Finding]) -> dict[str, int]:
    """Findings of each level, worst level first."""
    return {level: sum(finding.level == level for finding in findings) for level in LEVELS}


def summary(counts: dict[str, int]) -> str:
    """`count` in words."""
    return ", ".join(f"{n} {level}" for level, n in counts.items())


def refuse(findings: list[Finding]) -> None:
    """Raise one DoesNotFitError that lists every error, if there is any."""
    errors = [str(finding) for finding in findings if finding.level == "error"]
    if errors:
        raise DoesNotFitError(f"the network does not fit the board, {len(errors)} finding(s): " + "; ".join(errors))
