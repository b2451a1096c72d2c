"""What a tuning came to, as JSON and as the table and the lines that a person reads."""
from collections.abc import Mapping, Sequence
from typing import Any

from lava_opzo.tune.display import words
from lava_opzo.tune.folder import TuneFolder, Tuning
from lava_opzo.tune.run import Found, Outcome
from lava_opzo.tune.space import Knob
from lava_opzo.tune.trials import Trial, ranked

SHOWN = 10
"""The best trials that a table shows."""


def content(folder: TuneFolder, tuning: Tuning, outcome: Outcome, mattered: Mapping[str, float] | None,
            config: bool) -> dict[str, Any]:
    """Everything as plain values; accuracies are shares on validation samples. config: whether config.toml holds the best."""
    states = [trial.state for trial in outcome.trials]
    return {"folder": str(folder.path), "config": str(folder.config) if config else None,
            "validation": tuning.start.data.options.get("validation"), "trials": len(states),
            "ended": {state: states.count(state) for state in sorted(set(states))}, "best": _found(outcome.best),
            "start": _found(outcome.start), "mattered": dict(mattered) if mattered else None,
            "interrupted": outcome.interrupted}


def _found(found: Found | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"steps": {name: step for name, step in found.steps.items() if step}, "mean": found.mean,
            "accuracies": list(found.accuracies)}


def render(trials: Sequence[Trial], knobs: Sequence[Knob]) -> None:
    """Print the best trials as a table: how many steps every knob was turned, where it was. Nothing where none is done."""
    best = [trial for trial in ranked(trials) if trial.accuracy is not None][:SHOWN]
    if not best:
        return
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    view = Table(box=SIMPLE)
    view.add_column("trial", justify="right")
    view.add_column("validation %", justify="right")
    view.add_column("settings, in steps from those that it began with", overflow="fold")
    for trial in best:
        view.add_row(str(trial.number), f"{100 * (trial.accuracy or 0):.2f}", turned_words(trial.steps, knobs))
    terminal = Console(highlight=False, markup=False)
    console = terminal if terminal.is_terminal else Console(highlight=False, markup=False, width=160)
    console.print(view)


def turned_words(steps: Mapping[str, int], knobs: Sequence[Knob]) -> str:
    """The knobs that are turned, with their steps."""
    return ", ".join(f"{knob.name} {steps[knob.name]:+d}" for knob in knobs if steps.get(knob.name)) or "as it began"


def lines(folder: TuneFolder, outcome: Outcome, knobs: Sequence[Knob], config: bool) -> list[str]:
    """What came out, where it lies, and how to go on."""
    found = [f"{words(outcome.trials)}; all of them: {folder.table}"]
    for name, one in (("it began with", outcome.start), ("best", outcome.best)):
        if one is not None:
            seeds = f"mean of {len(one.accuracies)} seeds" if len(one.accuracies) > 1 else "one seed"
            found.append(f"{name}: validation {100 * one.mean:.2f} % ({seeds}): {turned_words(one.steps, knobs)}")
    begun = next((trial for trial in outcome.trials if trial.is_start), None)
    if outcome.start is None and begun is not None:
        found.append(f"it began with: {begun.state}{f', {begun.reason}' if begun.reason else ''}")
    if config:
        found.append(f"learn all training samples with the best, and test it once: lava-opzo train --config {folder.config}")
    if outcome.interrupted:
        found.append(f"interrupted; every trial that ended is kept: go on with the same command and --out {folder.path}")
    return found
