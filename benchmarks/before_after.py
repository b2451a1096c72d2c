"""Two checkouts against each other: the same commands in turns, each in a process of its own, by the same interpreter.

Run: `python -m benchmarks.before_after OLD_CHECKOUT NEW_CHECKOUT [--rounds 5] [--only TEXT] [--suite] [--json]`.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

DRIVER = (Path(__file__).parent / "before_after_driver.py").read_text()
MEASURES = {
    "twin 784-200-200-10, samples/s": ("twin", "200"),
    "twin 784-800-800-10, samples/s": ("twin", "800"),
    "fast Lava, digits preset, ms a step": ("lava",),
    "import lava_opzo, ms": ("loaded", "lava_opzo"),
    "import of the command line, ms": ("loaded", "cli"),
}
"""What -> arguments of the driver, which prints the figure."""

TIMED = {
    "lava-opzo --help, ms": ("-m", "lava_opzo", "--help"),
    "collection of the tests, ms": ("-m", "pytest", "--collect-only", "-q"),
}
"""What -> arguments of the interpreter; the figure is how long it takes."""

SUITE = {"the test suite, two tests at a time, ms": ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--numprocesses", "2",
                                                    "--dist", "worksteal")}
LIMIT = 3600
"""Seconds that one figure may take."""


def measured(checkout: Path, what: str) -> float:
    """One figure of one checkout. Raises RuntimeError with what the process printed when it fails."""
    driven = what in MEASURES
    arguments = ("-c", DRIVER, *MEASURES[what]) if driven else (TIMED | SUITE)[what]
    start = time.perf_counter()
    ended = subprocess.run([sys.executable, *arguments], cwd=checkout, env={**os.environ, "PYTHONPATH": str(checkout)},
                           capture_output=True, text=True, timeout=LIMIT)
    passed = 1000 * (time.perf_counter() - start)
    if ended.returncode:
        raise RuntimeError(f"{what} in {checkout}: exit status {ended.returncode}\n{(ended.stdout + ended.stderr)[-2000:]}")
    return float(ended.stdout.split()[-1]) if driven else passed


def compared(old: Path, new: Path, what: str, rounds: int) -> dict[str, float | str]:
    """Smallest, median and largest figure of both, and the ratio of the medians; a first pair warms caches and is left out."""
    checkouts, found = {"old": old, "new": new}, {"old": [], "new": []}
    for number in range(rounds + (what not in SUITE)):
        for name in ("old", "new") if number % 2 else ("new", "old"):
            found[name].append(measured(checkouts[name], what))
    figures = {name: values[-rounds:] for name, values in found.items()}
    row: dict[str, float | str] = {"what": what}
    for name, values in figures.items():
        row |= {f"{name}_min": min(values), f"{name}_median": statistics.median(values), f"{name}_max": max(values)}
    return row | {"new_over_old": statistics.median(figures["new"]) / statistics.median(figures["old"])}


def main() -> None:
    """Print one row a measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.before_after", description=__doc__)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--rounds", type=int, default=5, help="pairs of runs that count, after one that warms the caches")
    parser.add_argument("--only", default="", help="only measures whose name contains this")
    parser.add_argument("--suite", action="store_true", help="run the whole test suite of both, once, besides")
    parser.add_argument("--json", action="store_true", help="print the rows as one line of JSON")
    options = parser.parse_args()
    old, new = options.old.resolve(), options.new.resolve()
    rows = []
    for what in (*MEASURES, *TIMED, *(SUITE if options.suite else ())):
        if options.only in what:
            rows.append(compared(old, new, what, 1 if what in SUITE else options.rounds))
            if not options.json:
                print("{what:36} old {old_min:9.4g} {old_median:9.4g} {old_max:9.4g}   new {new_min:9.4g} {new_median:9.4g} "
                      "{new_max:9.4g}   new/old {new_over_old:.3f}".format(**rows[-1]), flush=True)
    if options.json:
        print(json.dumps(rows))


if __name__ == "__main__":
    main()
