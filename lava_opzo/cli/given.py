"""Options that would have no effect beside others: refused by name, never ignored in silence."""
from collections.abc import Iterable

from typer import Context

from lava_opzo.errors import UserError


def given(context: Context) -> dict[str, str]:
    """Parameters of the running command that its user wrote, name -> the word to write, as in {'epochs': '--epochs'}."""
    return {parameter.name: max(parameter.opts, key=len) for parameter in context.command.params
            if parameter.name and getattr(context.get_parameter_source(parameter.name), "name", "") == "COMMANDLINE"}


def refuse_beside(context: Context, what: str, ineffective: Iterable[str]) -> None:
    """Raise UserError if one of the parameters `ineffective` was written beside `what`, which leaves it without effect."""
    words = given(context)
    vain = [words[name] for name in ineffective if name in words]
    if vain:
        raise UserError(f"{what} leaves {', '.join(vain)} without effect; leave one of them out")


def refuse_all_but(context: Context, what: str, effective: Iterable[str]) -> None:
    """Raise UserError if anything but the parameters `effective` was written beside `what`."""
    refuse_beside(context, what, given(context).keys() - set(effective))
