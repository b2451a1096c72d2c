"""Data sets of other packages: loaders that an installed package names in its entry points (docs/datasets.md).

Whatever another package's code raises is caught here and nowhere else: it becomes one line that names the package.
"""
import functools
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

from lava_opzo.data.dataset import Dataset, Loader
from lava_opzo.errors import UserError

Result = TypeVar("Result")

SAID = 300
"""Most characters of what another package says."""

GROUP = "lava_opzo.datasets"
"""The group of entry points, name of a data set -> its loader."""


def names() -> list[str]:
    """The data sets of other packages."""
    return sorted({point.name for point in entry_points(group=GROUP)})


def loader(name: str) -> Loader:
    """The loader of a data set of another package.

    Raises UserError where none has that name, several packages claim it, or the loader cannot be imported.
    """
    points = list(entry_points(group=GROUP, name=name))
    if len(points) > 1:
        raise UserError(f"data set '{name}': {' and '.join(map(_package, points))} both offer it; remove one of them")
    (point,) = points
    owner = f"data set '{name}' of {_package(point)}"
    found: Any = _asked(f"{owner}: {point.value} cannot be imported", point.load)
    if not callable(found):
        raise UserError(f"{owner}: {point.value} is no function; repair that package or remove it")

    @functools.wraps(found, updated=())
    def load(*arguments: Any, **options: Any) -> Dataset:
        made = _asked(f"{owner}: its loader failed", lambda: found(*arguments, **options))
        if not isinstance(made, Dataset):
            raise UserError(f"{owner}: its loader gave a {type(made).__name__}, no lava_opzo.data.Dataset; repair that package")
        return _asked(f"{owner}: its data set is not whole", lambda: replace(made))

    return load


def _asked(what: str, call: Callable[[], Result]) -> Result:
    """What another package's code gives; whatever it raises becomes one line that begins with `what`."""
    try:
        return call()
    except (Exception, SystemExit) as error:  # another package may raise anything
        raise UserError(f"{what}: {_said(error)}; repair that package or remove it") from None


def _said(error: BaseException) -> str:
    """The type of an error and the first of what it says, in one line."""
    try:
        said = " ".join(str(error).split())
    except Exception:  # even that is another package's code
        said = ""
    return f"{type(error).__name__}{f' ({said[:SAID]})' if said else ''}"


def _package(point: EntryPoint) -> str:
    return f"package '{point.dist.name}'" if point.dist else f"'{point.value}'"
