"""Changes of an experiment whose run has begun: `key=value` with the dotted names of a sweep, and what may not be changed."""
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

import tomli

from lava_opzo.errors import UserError, shown
from lava_opzo.experiment import fields
from lava_opzo.experiment.experiment import Experiment, from_document
from lava_opzo.runs.counted import Change

FIXED = {
    "number": "the numbers of its weights",
    "network.n_in": "the shapes of its weights",
    "network.*.n": "the shapes of its weights",
    "network.*.name": "the names of its weights",
    "network.learning.credit.kind": "which weights learn",
    "network.learning.carry": "what it keeps from one sample to the next",
    "network.auxiliary.*.layer": "which weights there are",
    "network.auxiliary.*.sigma": "the weights it started from",
    "network.readout.kind": "what its outputs stand for",
    "network.seed": "the weights it started from",
    "network.opposed": "the weights it started from",
    "network.sigma.*": "the weights it started from",
    "network.learning.credit.m_sigma": "the weights it started from",
    "data.name": "the samples it has learned",
    "data.seed": "the samples it has learned",
    "data.options.*": "the samples it has learned",
    "training.order_seed": "the samples it has learned",
    "training.in_order": "the samples it has learned",
}
"""Keys that have done their work when a run begins, and what they decided."""

NAMED = 3
"""Most keys that a message names."""


def applied(experiment: Experiment, settings: Sequence[str]) -> Experiment:
    """The experiment with other values for some keys. settings: as `network.learning.halve_every=5000`.

    Raises UserError for a key that is unknown or can no longer be changed, and for a value that cannot be.
    """
    document = experiment.fields()
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals or not name.strip():
            raise UserError(f"--set '{shown(setting)}' is not of the form key=value; write it as "
                            "network.learning.halve_every=5000")
        for place in fields.places(document, name.strip(), "--set"):
            fields.assign(document, place, _value(text.strip()))
    changed = from_document(document, "--set")
    for key, _, new in differing(experiment, changed):
        for pattern, decided in FIXED.items():
            if fnmatchcase(key, pattern):
                raise UserError(f"--set {shown(f'{key}={new}')}: {key} decided {decided} and cannot be changed any more; start a "
                                "new run with another config")
    return changed


def differing(first: Experiment, second: Experiment) -> list[tuple[str, Any, Any]]:
    """(dotted name, value in the first, value in the second) of every value that is not the same; None where it is not there."""
    a, b = fields.values(first.fields()), fields.values(second.fields())
    return [(key, a.get(key), b.get(key)) for key in sorted(a | b) if a.get(key) != b.get(key)]


def changes(first: Experiment, second: Experiment, n_trained: int) -> tuple[Change, ...]:
    """The same as what a checkpoint keeps."""
    return tuple(Change(n_trained, *values) for values in differing(first, second))


def undone(experiment: Experiment, made: Sequence[Change]) -> Experiment:
    """The experiment before these changes. Raises UserError where they cannot have been made."""
    document = experiment.fields()
    for change in reversed(made):
        for place in fields.places(document, change.key, "change"):
            fields.assign(document, place, change.old)
    return from_document(document, "change")


def words(found: Sequence[tuple[str, Any, Any]], first: str, second: str) -> str:
    """What differs, for a message; first, second: what has the values."""
    named = [f"{key} is {shown(repr(a))} in {first} and {shown(repr(b))} in {second}" for key, a, b in found[:NAMED]]
    return ", ".join(named) + (f", and {len(found) - NAMED} more" if len(found) > NAMED else "")


def _value(text: str) -> Any:
    """A value as TOML has it; other words are text, as a path."""
    try:
        return tomli.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError, KeyError):
        return text
