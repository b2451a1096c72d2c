"""What a person reads of the trials: a failed one with all that repeats it, and the table by kind."""
from collections import Counter
from typing import Any

from sim_tests.hostile.ended import Ended
from sim_tests.hostile.trial import Outcome, Trial, Verdict

Counted = Counter[tuple[str, Outcome]]


def lines(name: str, trial: Trial, verdict: Verdict, seed: int) -> str:
    """One trial: outcome, damage, command, the last line that it printed, and how to repeat it."""
    return (f"{verdict.outcome.value}: {name}: {trial.what}\n    {verdict.reason}\n    command: {verdict.command}\n"
            f"    said: {verdict.said}\n    repeat: python -m sim_tests.hostile --seed {seed} --repeat {name}")


def whole(ended: Ended) -> str:
    """All that a command printed."""
    return f"$ {' '.join(ended.command)}\n{ended.output}{ended.errors}exit code {ended.code}, {ended.seconds:.2f} s"


def table(counted: Counted, seed: int, seconds: float) -> str:
    """Kinds and outcomes as a table in Markdown."""
    outcomes = [outcome for outcome in Outcome if outcome is not Outcome.HARNESS or _sum(counted, outcome=outcome)]
    rows = [["kind", "trials", *(outcome.value for outcome in outcomes)]]
    for kind in dict.fromkeys(kind for kind, _ in sorted(counted, key=str)):
        rows.append([kind, str(_sum(counted, kind)), *(str(counted[kind, outcome]) for outcome in outcomes)])
    rows.append(["all", str(_sum(counted)), *(str(_sum(counted, outcome=outcome)) for outcome in outcomes)])
    body = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([body[0], "|---" * len(rows[0]) + "|", *body[1:], "", f"seed {seed}, {seconds / 60:.1f} minutes"])


def as_dict(counted: Counted, seed: int, seconds: float) -> dict[str, Any]:
    """The same for programs."""
    kinds = sorted({kind for kind, _ in counted})
    return {"seed": seed, "seconds": round(seconds, 1), "trials": _sum(counted),
            "kinds": {kind: {outcome.value: counted[kind, outcome] for outcome in Outcome if counted[kind, outcome]}
                      for kind in kinds}}


def _sum(counted: Counted, kind: str | None = None, outcome: Outcome | None = None) -> int:
    return sum(n for (k, o), n in counted.items() if kind in (None, k) and outcome in (None, o))
