"""Where tables for a person are printed."""
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

UNCUT = 10_000
"""More columns than any table needs, so that nothing of it is cut or broken in a file."""


def console(width: int = UNCUT) -> "Console":
    """Standard output as wide as the terminal, or of this width where it is none; words are printed as they are."""
    from rich.console import Console

    terminal = Console(highlight=False, markup=False)
    return terminal if terminal.is_terminal else Console(highlight=False, markup=False, width=width)
