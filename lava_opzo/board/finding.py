"""What a pre-flight rule says about a network, and the one place where a finding becomes an error."""

from dataclasses import dataclass

from lava_opzo.errors import DoesNotFitError

LEVELS = ("error", "warning", "unknown", "ok")
"""Worst first. unknown: the chip's limit is not public, or nothing was measured."""


@dataclass(frozen=True)
class Finding:
    """One rule, one place: what is used of which limit, in which unit, where the limit comes from, and what to do next."""

    level: str
    rule: str
    layer: str
    used: str
    limit: str
    unit: str
    source: str
    verified: bool
    next_step: str = ""

    def __str__(self) -> str:
        doubt = "" if self.verified else ", not verified"
        step = f"; {self.next_step}" if self.next_step else ""
        return f"{self.rule}, {self.layer}: {self.used} of {self.limit} {self.unit} ({self.source}{doubt}){step}"


def judged(rule: str, layer: str, used, limit, next_step: str, level: str = "error") -> Finding:
    """A finding about a number `used` against a `Limit`: `level` above it, ok within it, unknown where no limit is public."""
    common = {
        "rule": rule,
        "layer": layer,
        "used": str(used),
        "unit": limit.unit,
        "source": limit.source,
        "verified": limit.verified,
    }
    if limit.value is None:
        return Finding(level="unknown", limit="?", next_step="read it off the board's memory probe", **common)
    over = used > limit.value
    return Finding(level=level if over else "ok", limit=str(limit.value), next_step=next_step if over else "", **common)


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
    """Raise one DoesNotFitError with a line for every error, if there is any."""
    errors = [str(finding) for finding in findings if finding.level == "error"]
    if errors:
        raise DoesNotFitError(f"the network does not fit the board, {len(errors)} finding(s):\n  " + "\n  ".join(errors))
