"""Data sets of other packages: loaders that an installed package names in its entry points (docs/datasets.md)."""
from importlib.metadata import EntryPoint, entry_points
from typing import Any, cast

from lava_opzo.data.dataset import Loader
from lava_opzo.errors import UserError

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
    try:
        found: Any = point.load()
    except Exception as error:  # whatever another package's import raises
        raise UserError(f"data set '{name}' of {_package(point)}: {point.value} cannot be imported ({error}); "
                        "repair that package or remove it") from None
    if not callable(found):
        raise UserError(f"data set '{name}' of {_package(point)}: {point.value} is no function; repair that package or remove it")
    return cast(Loader, found)


def _package(point: EntryPoint) -> str:
    return f"package '{point.dist.name}'" if point.dist else f"'{point.value}'"
