"""The functions that the compiled loops call."""
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import config, njit

Function = TypeVar("Function", bound=Callable[..., Any])

UNCOUNTED: dict[str, Any] = {"_nrt": False}
"""Compiled loops make no array, and count no references to those that they are given: to count one is an atomic addition, and
those to every row of weights took half of a dense network's time. numba names the option in
`numba.extending.register_jitable`, and its annotations do not, nor the next ones.
"""

UNCALLED_BY_PYTHON: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, **UNCOUNTED}

INDEX: type = np.int64 if getattr(config, "DISABLE_JIT", False) else np.uint64
"""Of arrays of indices: compiled code is shorter where none can count from an end, and numpy makes a float of an unsigned one and
an int.
"""


def part(function: Function) -> Function:
    """Compile a function for other compiled functions alone, which takes a third less time than for Python, too.

    What numba leaves out unpacks and packs every array of every argument. Where it is told to compile nothing, Python calls it.
    """
    compiled: Any = njit(**UNCALLED_BY_PYTHON)(function)
    return compiled


def view(function: Function) -> Function:
    """Compile a function that returns views of arrays into those that call it, as `UNCOUNTED` code can return none."""
    compiled: Any = njit(inline="always", **UNCALLED_BY_PYTHON)(function)
    return compiled
