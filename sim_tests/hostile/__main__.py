"""`python -m sim_tests.hostile`: hostile trials by rule and at random; exit code 1 if one ends in what must not be."""
import argparse
import gc
import json
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m sim_tests.hostile", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the choice of trials and of their damages (default 1)")
    parser.add_argument("--trials", type=int, default=0, help="about so many in all (default: what every kind has)")
    parser.add_argument("--only", default="", help="one kind")
    parser.add_argument("--minutes", type=float, default=60, help="start nothing after this time (default 60)")
    parser.add_argument("--jobs", type=int, default=2, help="trials at a time (default 2)")
    parser.add_argument("--part", action="store_true", help="the part that runs with the tests")
    parser.add_argument("--repeat", nargs="+", default=[], metavar="ID", help="these trials alone; their folders stay")
    parser.add_argument("--json", action="store_true", help="print the table as one line of JSON at the end")
    options = parser.parse_args()
    for name in THREADS:
        os.environ[name] = "1"  # a process with threads must not be forked
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[2])  # for commands in processes of their own
    from sim_tests.hostile import kinds, report
    from sim_tests.hostile.runner import Runner
    from sim_tests.hostile.trial import GOOD, Outcome
    from sim_tests.hostile.warm import warm

    started = time.monotonic()
    warm()
    gc.freeze()
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    folder.chmod(0o755)  # some commands run as another user
    (folder / "temporary").mkdir()
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder / "temporary")  # for what the commands leave there
    runner = Runner(folder, options.seed, keep=bool(options.repeat))
    if options.repeat:
        verdicts = []
        for name in options.repeat:
            trial = kinds.by_id(runner.prepared, name)
            verdicts.append(runner.one(name, trial))
            print(report.lines(name, trial, verdicts[-1], options.seed), f"folder: {folder}", sep="\n")
        return int(any(verdict.outcome not in GOOD for verdict in verdicts))
    trials = kinds.chosen(runner.prepared, options.seed, options.only, options.part, 1.0)
    if options.trials:
        trials = kinds.chosen(runner.prepared, options.seed, options.only, options.part, options.trials / len(trials))
    prepared = time.monotonic() - started
    print(f"seed {options.seed}: {len(trials)} trials; prepared in {prepared:.0f} s", file=sys.stderr, flush=True)
    counted: Counter[tuple[str, Outcome]] = Counter()
    for name, verdict in runner.results(trials, options.jobs, time.monotonic() + 60 * options.minutes):
        counted[trials[name].kind, verdict.outcome] += 1
        if sum(counted.values()) % 100 == 0:
            print(f"{sum(counted.values())} trials after {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
        if verdict.outcome not in GOOD:
            print(report.lines(name, trials[name], verdict, options.seed), file=sys.stderr, flush=True)
    seconds = time.monotonic() - started
    print(json.dumps(report.as_dict(counted, options.seed, seconds)) if options.json else
          report.table(counted, options.seed, seconds))
    shutil.rmtree(folder, ignore_errors=True)
    missing = len(trials) - sum(counted.values())
    if missing:
        print(f"{missing} trials were not made", file=sys.stderr)
    return int(missing > 0 or any(outcome not in GOOD for _, outcome in counted))


if __name__ == "__main__":
    sys.exit(main())
