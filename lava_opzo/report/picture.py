"""A figure as a file: whole or not there, in the format of its ending."""
from pathlib import Path
from typing import TYPE_CHECKING

from lava_opzo.errors import UserError
from lava_opzo.files.whole import write_aside

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 110
FORMATS = ("png", "pdf", "svg")


def check_ending(path: str | Path) -> str:
    """The format that a path asks for. Raises UserError for one that is not drawn here."""
    ending = Path(path).suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        raise UserError(f"{path}: a picture of format '{ending}' is not drawn; choose a name that ends in .{', .'.join(FORMATS)}")
    return ending


def save(figure: "Figure", path: str | Path) -> None:
    """Write the figure aside, then rename it to `path`. Raises UserError where that cannot be."""
    ending = check_ending(path)
    write_aside(path, lambda aside: figure.savefig(aside, format=ending, dpi=DPI))
