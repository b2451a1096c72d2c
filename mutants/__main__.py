"""`python -m mutants`: every mutant of the integers and of the process models; exit code 1 if one survives unexplained."""
import argparse
import importlib
import os
import sys
from pathlib import Path

from mutants.equivalent import reason
from mutants.journal import Journal
from mutants.judge import ROOT
from mutants.judges import Judges
from mutants.mutate import Mutant, mutants

ARITHMETIC, MODELS = ROOT / "lava_opzo" / "arithmetic", ROOT / "process_models"
SUBJECTS = [*sorted((ARITHMETIC / "fixed").glob("*.py")), ARITHMETIC / "factors.py",
            MODELS / "neuron.py", MODELS / "sample_clock.py",
            *(MODELS / name / "models.py" for name in ("learning_dense", "learning_patches", "opzo_lif", "opzo_readout",
                                                   "sample_source", "variable_source"))]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m mutants", description=__doc__)
    parser.add_argument("--minutes", type=float, default=120, help="stop after this time (default 120)")
    parser.add_argument("--only", default="", help="only files whose path contains this, as in fixed/membrane")
    parser.add_argument("--no-tests", action="store_true", help="golden vectors only, not the tests for what they miss")
    parser.add_argument("--doubt", action="store_true", help="run the tests on mutants of mutants/equivalent.py, too")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="mutants at a time (default: one a core)")
    parser.add_argument("--journal", type=Path, help="keep what was judged in this file, and go on from what it holds")
    options = parser.parse_args()
    sys.dont_write_bytecode = True
    for name in ("lava.proc.dense.models", "pydantic"):
        importlib.import_module(name)  # once here, not in every mutant

    subjects = [(path.relative_to(ROOT), mutant) for path in SUBJECTS if options.only in str(path)
                for mutant in mutants(path.read_text())]
    print(f"{len(subjects)} mutants, {options.jobs} at a time", flush=True)
    with Judges(options.jobs, 60 * options.minutes, Journal(options.journal)) as judges:
        missed, total, hangs = [], 0, 0
        for (name, mutant), caught in judges.by_golden_vectors(subjects):
            total, hangs = total + 1, hangs + (caught == "hangs")
            if not caught:
                missed.append((name, mutant))
                print(f"missed by the golden vectors ({total} of {len(subjects)} judged), {_line(name, mutant)}", flush=True)
        excused = [] if options.doubt else [(name, mutant) for name, mutant in missed if reason(name, mutant)]
        by_tests, equivalent, survivors, judged = 0, 0, 0, 0
        for name, mutant in excused if not options.no_tests else ():
            equivalent, judged = equivalent + 1, judged + 1
            print(f"expected to survive, {_line(name, mutant)}")
        asked = [subject for subject in missed if subject not in excused]
        for (name, mutant), caught in judges.by_tests(asked) if not options.no_tests else ():
            judged += 1
            if caught:
                by_tests += 1
                print(f"caught by the tests, {_line(name, mutant)}", flush=True)
                continue
            why = reason(name, mutant)
            equivalent, survivors = equivalent + bool(why), survivors + (not why)
            print(f"survives, {_line(name, mutant)}", flush=True)
    print(f"{total} of {len(subjects)} mutants judged: {total - len(missed)} caught by the golden vectors "
          f"({hangs} as they hang), {len(missed)} not; of these {judged} judged by the tests: {by_tests} caught, {equivalent} "
          f"equivalent, {survivors} survive unexplained")
    return int(bool(survivors) or judged < len(missed) or total < len(subjects))


def _line(name: Path, mutant: Mutant) -> str:
    why = reason(name, mutant)
    return f"{name}:{mutant.line}: {mutant.before}  ->  {mutant.after}" + (f" (expected: {why})" if why else "")


if __name__ == "__main__":
    sys.exit(main())
