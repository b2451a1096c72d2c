"""The command lines that find a difference: the one that repeats what was found, and the one that looks for the first."""
import shlex
from pathlib import Path

from lava_opzo.engines.target import Target
from lava_opzo.verification.lockstep import Report

READINGS = 16
"""Into how many stretches `first_bit_command` cuts a run; each is read once."""


def verify_command(report: Report, config: Path | None, samples: int, target: Target | None) -> str:
    """What repeats the first difference of a report alone; empty where there is none."""
    if report.first is None:
        return ""
    comparison, first = report.first
    engines, options = [comparison.left, comparison.right], []
    if target is not None:
        engines, options = [report.engines[0]], [target.options]
    elif report.sides is not None:
        engines = [report.sides.trusted, next(name for name in engines if name in report.sides.doubtful)]
    chosen = [f"--config {shlex.quote(str(config))}"] if config else []
    return " ".join(["lava-opzo verify", *chosen, f"--samples {samples}", f"--only-sample {first.place.sample}",
                     f"--engines {','.join(engines)}", *options])


def first_bit_command(start: Path, samples: int, target: Target, reference: str) -> str:
    """What finds the first wrong bit of a run that began with the checkpoint `start` and learned so many samples in `target`."""
    if target.options:
        every = max(1, samples // READINGS)
        options = f"--engines {reference} {target.options}" + (f" --every {every}" if every > 1 else "")
    else:
        options = f"--engines {reference},{target.engine_name}"
    return f"lava-opzo verify --config {shlex.quote(str(start))} --samples {samples} {options}"
