"""Options that several commands have, each declared once, and what their values mean."""
from typing import TYPE_CHECKING, Annotated

from typer import Option

if TYPE_CHECKING:
    from lava_opzo.engines.target import Target

Number = Annotated[
    str | None, Option("--number", "--model", help="fixed (the chip's integers) or real (real numbers); default: the config's")]
Engine = Annotated[str, Option(help="twin, lava (event-driven), stock (all of stock Lava) or in-the-loop: equal bits")]
Plugin = Annotated[list[str] | None, Option(help="Process=package.module.Class (or module:Class), a model; once for each")]
Mode = Annotated[str, Option(help="on-chip (the whole graph) or in-the-loop (updates on the host)")]
Place = Annotated[str, Option("--target", help="simulator or loihi2, a board")]
Ranges = Annotated[bool, Option("--ranges", help="print the largest values seen against their ranges")]
Freeze = Annotated[str | None, Option(help="layers that stay as they are, as hidden1,hidden2; none: all learn")]
Rate = Annotated[list[str] | None, Option(help="layer=factor, as hidden1=1/4: multiply its learning rate; once for each")]
AsJson = Annotated[bool, Option("--json", help="one line of JSON on standard output, all else on standard error")]


def number_of(value: str | None) -> str | None:
    """The number system of --number, an old name read as the new one. Raises UserError for an unknown one."""
    from lava_opzo.arithmetic.numbers import numbers
    from lava_opzo.network import old_names

    return None if value is None else numbers(old_names.number(value)).name


def target_of(plugin: list[str] | None, mode: str, place: str) -> "Target | None":
    """What these options name beside the engines of the simulator; None where they name nothing else.

    Raises UserError for what is unknown, NoBoardError for a board that is not here.
    """
    from lava_opzo.engines.target import Target, plugins_of

    named = Target(mode=mode, place=place, plugins=plugins_of(plugin or []))
    return named if named.options else None
