"""Two or three commands at once on the same things: one wins, the others get a line, and nothing newer is ever lost."""
import random
import time
from collections.abc import Iterator

from sim_tests.hostile import jobs, judge, tree
from sim_tests.hostile.ended import Ended, Job
from sim_tests.hostile.place import Place
from sim_tests.hostile.prepared import Prepared
from sim_tests.hostile.trial import Outcome, Trial, Verdict

KIND = "together"
TURNS = 6
PAUSE = 0.3
"""Most seconds between the starts of two commands."""


def trials(prepared: Prepared) -> Iterator[Trial]:
    """Every pair, at several random distances."""
    for turn in range(TURNS):
        yield Trial(KIND, f"three trainings into one folder, turn {turn + 1}", _one_wins(jobs.TRAIN, 3))
        yield Trial(KIND, f"two resumes of one run, turn {turn + 1}", _one_wins(jobs.RESUME, 2))
        yield Trial(KIND, f"resumes with other numbers of epochs, turn {turn + 1}", _newest_stays("twin"))
        for job in (jobs.RECORD, jobs.EXPORT_NETX, jobs.IMPORT_NETX):
            yield Trial(KIND, f"two of {job.name}, turn {turn + 1}", _one_wins(job, 2))
        yield Trial(KIND, f"a training that is looked at, turn {turn + 1}", _looked_at)
    for turn in range(2):
        yield Trial(KIND, f"resumes in the twin and in Lava, turn {turn + 1}", _newest_stays("lava"), slow=True)
        yield Trial(KIND, f"two sweeps on one folder, turn {turn + 1}", _one_wins(jobs.SWEEP, 2), slow=True)


def _started(place: Place, commands: list[tuple[str, ...]], rng: random.Random) -> list[Ended]:
    children = []
    for arguments in commands:
        children.append(place.start(arguments, limited=False))
        time.sleep(rng.choice((0, rng.uniform(0, PAUSE))))
    return [child.ended() for child in children]


def _fault(ended: list[Ended]) -> Verdict | None:
    return next(filter(None, map(judge.fault, ended)), None)


def _one_wins(job: Job, n: int):
    """n times the same command: at least one comes to the known outcome, all others are refused; for a new folder just one."""
    def act(place: Place) -> Verdict:
        place.bring(job)
        ended = _started(place, [job.arguments] * n, place.rng)
        found = _fault(ended)
        if found is not None:
            return found
        winners = [one for one in ended if one.code == 0]
        if len(winners) != 1 and job is not jobs.SWEEP or not winners:
            return judge.verdict(Outcome.SILENT, f"exit codes {[one.code for one in ended]}: {len(winners)} win", ended[0])
        known = place.known.get(job.name)
        if job.learned and known is not None:
            wrong = judge.learned_fault(place.path / job.learned, known.weights, known.epochs, False)
            if wrong:
                return judge.verdict(Outcome.SILENT, wrong, winners[0])
        return judge.verdict(Outcome.WORKS, "", winners[0])

    return act


def _newest_stays(engine: str):
    """A longer and a shorter resume: the checkpoint is the newest that anyone reported, and leads to the known weights."""
    def act(place: Place) -> Verdict:
        place.bring(jobs.RESUME_MORE)
        commands = [("resume", "done", "--epochs", "5", "--engine", engine, "--json"),
                    ("resume", "done", "--epochs", "30", "--json"), ("resume", "done", "--epochs", "4", "--json")]
        place.rng.shuffle(commands)
        ended = _started(place, commands, place.rng)
        found = _fault(ended)
        if found is not None:
            return found
        newest = max([120, *(judge.answer(one)["n_trained"] for one in ended if one.code == 0)])
        kept = tree.n_trained(place.path / "done")
        if kept != newest:
            return judge.verdict(Outcome.SILENT, f"{newest} samples were learned, {kept} are kept", ended[0])
        last = place.run(("resume", "done", "--epochs", "60", "--json"))
        known = place.known[jobs.TRAIN_LONG.name]
        wrong = judge.learned_fault(place.path / "done", known.weights, known.epochs, False)
        return judge.fault(last) or judge.verdict(Outcome.SILENT if wrong else Outcome.WORKS, wrong, last)

    return act


def _looked_at(place: Place) -> Verdict:
    """A long training, while others compare and evaluate it again and again."""
    place.bring(jobs.TRAIN_LONG)
    training = place.start(jobs.TRAIN_LONG.arguments)
    while training.running():
        for arguments in (("compare", "new", "--json"), ("evaluate", "new", "--json")):
            found = judge.fault(place.run(arguments))
            if found is not None:
                training.ended()
                return found
    ended, known = training.ended(), place.known[jobs.TRAIN_LONG.name]
    wrong = judge.learned_fault(place.path / "new", known.weights, known.epochs, False)
    return judge.fault(ended) or judge.verdict(Outcome.SILENT if wrong or ended.code else Outcome.WORKS, wrong, ended)
