"""Options that several commands have, each declared once, and what their values mean."""
from typing import Annotated

from typer import Option

Number = Annotated[
    str | None, Option("--number", "--model", help="fixed (the chip's integers) or real (real numbers); default: the config's")]
Engine = Annotated[str, Option(help="twin, lava (event-driven), stock (all of stock Lava) or in-the-loop: equal bits")]
AsJson = Annotated[bool, Option("--json", help="one line of JSON on standard output, all else on standard error")]


def number_of(value: str | None) -> str | None:
    """The number system of --number, an old name read as the new one. Raises UserError for an unknown one."""
    from lava_opzo.arithmetic.numbers import numbers
    from lava_opzo.network import old_names

    return None if value is None else numbers(old_names.number(value)).name
