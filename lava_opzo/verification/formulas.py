"""Formulas as the functions that compute them state them: the part of a docstring's first sentence after its colon."""
import inspect
from collections.abc import Callable
from typing import Any


def formula(function: Callable[..., Any]) -> str:
    """`name: formula` of a function. Raises ValueError for one whose docstring's first sentence has none."""
    first = " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())
    _, colon, text = first.partition(": ")
    if not colon:
        raise ValueError(f"{function.__module__}.{function.__name__}: the first sentence of its docstring has no formula")
    return f"{function.__name__}: {text.split('. ')[0].removesuffix('.')}"


def formulas(*functions: Callable[..., Any]) -> tuple[str, ...]:
    """The formulas of several functions, in the order in which they are called."""
    return tuple(formula(function) for function in functions)
