"""Which outcome a finished command had: rules over its exit code, its lines, and the files before and after."""
import fnmatch
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lava_opzo.errors import CRASHED, EXIT_CODES, INTERRUPTED, TERMINATED
from sim_tests.hostile import tree
from sim_tests.hostile.ended import Ended, Job
from sim_tests.hostile.trial import Outcome, Verdict

LOCKS = ("*.lock",)
"""Files that any command may make or rewrite: they hold nothing that was learned."""

SIGNS = ("Traceback", "Exception ignored", "Fatal Python error", "Segmentation fault")


def verdict(outcome: Outcome, reason: str, ended: Ended) -> Verdict:
    """A verdict with the command and its last line."""
    lines = (ended.errors.strip() or ended.output.strip()).splitlines()
    return Verdict(outcome, reason, " ".join(shortened(word) for word in ended.command), lines[-1][:300] if lines else "")


def shortened(word: str) -> str:
    """A word of a command, cut where it is long."""
    return word if len(word) <= 120 else f"{word[:100]}...({len(word)} characters)"


def fault(ended: Ended, codes: Iterable[int] = ()) -> Verdict | None:
    """The fault of a command whatever it was to do, None where it ended as a command may; codes: further exit codes allowed."""
    if ended.timed_out:
        return verdict(Outcome.HANG, f"no end within {ended.seconds:.0f} s", ended)
    if ended.orphans:
        return verdict(Outcome.HANG, "processes that it started outlive it", ended)
    sign = next((sign for sign in SIGNS if sign in ended.output + ended.errors), None)
    if sign or ended.code == CRASHED:
        return verdict(Outcome.TRACEBACK, sign or f"exit code {CRASHED}", ended)
    if ended.code in codes:
        return None
    if ended.code not in EXIT_CODES:
        return verdict(Outcome.TRACEBACK, f"exit code {ended.code} is not documented", ended)
    errors = [line for line in ended.errors.splitlines() if line.startswith("error: ")]
    if len(errors) > 1 or ended.code not in (0, 1, INTERRUPTED, TERMINATED) and len(errors) != 1:
        return verdict(Outcome.UNCLEAR, f"exit code {ended.code} with {len(errors)} lines of error", ended)
    if errors and ended.errors.splitlines()[-1] != errors[0]:
        return verdict(Outcome.UNCLEAR, "lines after the line of error", ended)
    if ended.code == 0 and errors:
        return verdict(Outcome.UNCLEAR, "exit code 0 with a line of error", ended)
    if "--json" in ended.command:
        return _json_fault(ended)
    return None


def _json_fault(ended: Ended) -> Verdict | None:
    lines = ended.output.splitlines()
    if len(lines) != 1 or answer(ended) is None:
        return verdict(Outcome.UNCLEAR, f"--json: {len(lines)} lines on standard output, not one of JSON", ended)
    content = answer(ended)
    if ended.code not in (0, 1, INTERRUPTED) and (not isinstance(content, dict) or content.get("code") != ended.code
                                                  or not isinstance(content.get("error"), str)):
        return verdict(Outcome.UNCLEAR, "--json: the error is not in the JSON", ended)
    return None


def answer(ended: Ended) -> Any:
    """The line of JSON that a command printed, None where there is none."""
    try:
        return json.loads(ended.output)
    except ValueError:
        return None


def without(content: Any, loose: tuple[str, ...]) -> Any:
    """JSON without the keys that may differ."""
    if isinstance(content, dict):
        return {key: without(value, loose) for key, value in content.items() if key not in loose}
    return [without(value, loose) for value in content] if isinstance(content, list) else content


def same_answer(found: Any, known: Any) -> bool:
    """Whether an answer is the known one; of a sweep, whether every member that is called done has its known row."""
    if isinstance(found, dict) and "members" in found:
        return all(row in known["members"] for row in found["members"] if row["status"] == "done")
    return found == known


def changed_file(job: Job, before: dict[str, bytes | str], after: dict[str, bytes | str], refused: bool) -> str:
    """The first file that was there before and that this command had no right to change, "" for none."""
    writes = LOCKS if refused else (*LOCKS, *job.writes)
    for path, content in before.items():
        if after.get(path) == content or any(fnmatch.fnmatch(path, pattern) for pattern in writes):
            continue
        found = after.get(path)
        grown = isinstance(found, bytes) and isinstance(content, bytes) and found.startswith(content)
        if not (grown and any(fnmatch.fnmatch(path, pattern) for pattern in job.grows)):
            return f"{path} was {'lost' if found is None else 'changed'}"
    return ""


def learned_fault(run: Path, weights: dict[str, str] | None, epochs: dict[int, Any], metrics_damaged: bool) -> str:
    """What is wrong with a run that should have these weights and epochs, "" for nothing."""
    found = tree.weights(run)
    if found != weights:
        one, other = found or {}, weights or {}
        names = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
        return f"learned bits differ: {', '.join(names[:4])}"
    if not metrics_damaged and tree.epochs(run) != epochs:
        return f"epochs in metrics: {tree.epochs(run)}, not {epochs}"
    return ""
