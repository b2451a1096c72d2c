"""A step of a batch as few kernels, by torch.compile, and one line where it cannot be compiled here."""
import contextlib
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import torch

from lava_opzo.errors import UserError, shown

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """The same function, compiled when it is first called, and again for a batch of another size.

    What other learners compiled is forgotten: only eight variants of a function are kept, and more run uncompiled.
    """
    torch.compiler.reset()
    made: Any = torch.compile(function, dynamic=False)
    return made


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Inside, what torch.compile cannot do becomes a UserError."""
    try:
        yield
    except RuntimeError as error:
        if not type(error).__module__.startswith("torch._dynamo"):
            raise
        first = str(error).strip().splitlines()
        raise UserError(f"paper: compiled=true: torch.compile failed here: {shown(' '.join(first[:2]))}; install a C++ compiler, "
                        "or set compiled=false") from None
