"""A tiny run that ended half-way, and what its resumption comes to."""
import warnings
from typing import Any

from lava_opzo.errors import FileWarning
from lava_opzo.experiment import experiment as experiments
from lava_opzo.network.state import State
from lava_opzo.runs import checkpoint, start
from lava_opzo.runs.compare import differing
from lava_opzo.runs.folder import RunFolder


class Ended(BaseException):
    """Ends a run as a signal does, at a place that the test chooses."""


def silent(progress, text):
    """Shows nothing."""


def ending(at: int):
    """A `show` that ends the run once so many samples are learned."""
    def show(progress, text):
        if progress.done >= at:
            raise Ended
    return show


def state(run: RunFolder) -> State:
    """What the checkpoint holds."""
    return checkpoint.load(run.checkpoint)[1]


def resumed(run: RunFolder, *arguments, **options) -> tuple[dict[str, Any], list[str]]:
    """(result, what was warned of)."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = start.resume(run, silent, "twin", *arguments, **options)
    return result, [str(one.message) for one in caught if one.category is FileWarning]


def is_whole(run: RunFolder, whole: RunFolder) -> bool:
    """Whether a run has the bits of the whole one, and config.toml says what its checkpoint does."""
    same = differing(state(run).arrays, state(whole).arrays) == [] and state(run).n_trained == state(whole).n_trained
    return same and experiments.load(run.config) == checkpoint.load(run.checkpoint)[0]
