"""The standard trial: bring what a job needs, damage it, run the job, and judge it by its known outcome."""
import fnmatch
import random
from collections.abc import Callable
from pathlib import Path

from sim_tests.hostile import judge, tree
from sim_tests.hostile.child import Inside
from sim_tests.hostile.ended import Ended, Job
from sim_tests.hostile.house import without_lava
from sim_tests.hostile.place import Known, Place
from sim_tests.hostile.trial import Outcome, Trial, Verdict

Damage = Callable[[Path, random.Random], object]
"""damage(folder, rng) does something to the files of a place."""

Check = Callable[[Path, Ended], str]
"""check(folder, ended) says what is wrong after a command that ended well, "" for nothing."""


def damaged(kind: str, job: Job, what: str, damage: Damage, *, inside: Inside = without_lava, check: Check | None = None,
            other_bits: bool = False, other_answer: bool = False, slow: bool = False) -> Trial:
    """The trial of one damage.

    other_bits: another valid content cannot be told from the right one, so that other weights and answers are no fault.
    other_answer: the same for what is printed and for metrics.
    """
    def act(place: Place) -> Verdict:
        place.bring(job)
        damage(place.path, place.rng)
        before = place.contents()
        ended = place.run(job.arguments, inside)
        return judged(place, job, ended, before, check, other_bits, other_answer or other_bits)

    return Trial(kind, f"{job.name}: {what}", act, slow)


def judged(place: Place, job: Job, ended: Ended, before: dict[str, bytes | str], check: Check | None = None,
           other_bits: bool = False, other_answer: bool = False) -> Verdict:
    """The verdict on a job that was run once; before: the files of the place before it."""
    found = judge.fault(ended)
    if found is not None:
        return found
    known, after = place.known[job.name], place.contents()
    refused = ended.code not in (0, known.code)
    newer = job.learned and tree.n_trained(place.path / job.learned) > tree.n_trained_of(tree.weights_of(
        before.get(f"{job.learned}/{tree.CHECKPOINT}")))  # it learned, and was refused what comes after that
    wrong = judge.changed_file(job, before, after, refused and not (job.fails and ended.code == 1) and not newer)
    if wrong:
        return judge.verdict(Outcome.SILENT, wrong, ended)
    if ended.code == 1 and not job.fails:
        return judge.verdict(Outcome.UNCLEAR, "exit code 1, but there is no difference to find", ended)
    if refused:
        return judge.verdict(Outcome.REFUSED, "", ended)
    if not other_bits:
        wrong = different(place, job, ended, known, after, other_answer)
    if not wrong and check is not None:
        wrong = check(place.path, ended)
    return judge.verdict(Outcome.SILENT if wrong else Outcome.WORKS, wrong, ended)


def different(place: Place, job: Job, ended: Ended, known: Known, after: dict[str, bytes | str], other_answer: bool) -> str:
    """In what a job that ended well differs from its known outcome, "" for nothing. A warning says that something is missing."""
    if job.learned:
        wrong = judge.learned_fault(place.path / job.learned, known.weights, known.epochs, other_answer)
        if wrong:
            return wrong
    for path, content in known.made.items():
        if any(fnmatch.fnmatch(path, pattern) for pattern in job.same) and after.get(path) != content:
            return f"{path} differs from that of the undisturbed command"
    if other_answer or "warning: " in ended.errors:
        return ""
    found = judge.without(judge.answer(ended), job.loose)
    return "" if judge.same_answer(found, known.answer) else f"another answer: {str(found)[:200]}"
