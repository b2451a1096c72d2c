"""The functions that the compiled loops call."""
from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])

UNCALLED_BY_PYTHON: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Options that numba's annotations do not name."""


def part(function: Function) -> Function:
    """Compile a function for other compiled functions alone, which takes a third less time than for Python, too.

    What numba leaves out unpacks and packs every array of every argument. Where it is told to compile nothing, Python calls it.
    """
    compiled: Any = njit(**UNCALLED_BY_PYTHON)(function)
    return compiled
