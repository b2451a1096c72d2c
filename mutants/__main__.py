"""`python -m mutants`: every mutant of the integers and of the process models; exit code 1 if one survives unexplained."""
import argparse
import importlib
import sys
import tempfile
import time
from pathlib import Path

from mutants.equivalent import reason
from mutants.judge import ROOT, caught_by_golden_vectors, caught_by_tests, copy_tree
from mutants.mutate import mutants

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
    options = parser.parse_args()
    sys.dont_write_bytecode = True
    for name in ("lava.proc.dense.models", "pydantic"):
        importlib.import_module(name)  # once here, not in every mutant

    end, total, missed, by_tests = time.monotonic() + 60 * options.minutes, 0, [], 0
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        copy_tree(tree)
        if caught_by_golden_vectors(tree):
            print("the unchanged sources fail the golden vectors; mend them first")
            return 2
        subjects = [(path.relative_to(ROOT), mutant) for path in SUBJECTS if options.only in str(path)
                    for mutant in mutants(path.read_text())]
        print(f"{len(subjects)} mutants", flush=True)
        for name, mutant in subjects:
            if time.monotonic() > end:
                break
            total += 1
            (tree / name).write_text(mutant.source)
            if not caught_by_golden_vectors(tree):
                missed.append((name, mutant))
                print(f"missed by the golden vectors: {name}:{mutant.line}: {mutant.before}  ->  {mutant.after}", flush=True)
            (tree / name).write_text((ROOT / name).read_text())
        if missed and not options.no_tests and caught_by_tests(tree, SUBJECTS[0].relative_to(ROOT)):
            print("the unchanged sources fail the tests; mend them first")
            return 2
        survivors, equivalent, judged = 0, 0, 0
        for name, mutant in [] if options.no_tests else missed:
            if time.monotonic() > end:
                break
            judged += 1
            why = reason(name, mutant)
            (tree / name).write_text(mutant.source)
            if (options.doubt or not why) and caught_by_tests(tree, name):
                by_tests += 1
            else:
                equivalent, survivors = equivalent + bool(why), survivors + (not why)
                print(f"survives ({why or 'unexplained'}): {name}:{mutant.line}: {mutant.before}  ->  {mutant.after}", flush=True)
            (tree / name).write_text((ROOT / name).read_text())
    print(f"{total} of {len(subjects)} mutants judged: {total - len(missed)} caught by the golden vectors, {len(missed)} not; "
          f"of these {judged} judged by the tests: {by_tests} caught, {equivalent} equivalent, {survivors} survive unexplained")
    return int(bool(survivors) or judged < len(missed) or total < len(subjects))


if __name__ == "__main__":
    sys.exit(main())
