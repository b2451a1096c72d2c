"""The command line `lava-opzo`: commands from lava_opzo.cli, one line and an exit code for what a user can mend."""
import importlib
import sys
import warnings
from typing import Annotated

import typer

from lava_opzo import __version__
from lava_opzo.errors import RangeWarning, UserError

COMMANDS = ("train", "resume", "evaluate", "plot", "compare", "sweep", "verify", "record", "replay", "preflight", "export",
            "import_network", "acceptance", "deploy")
"""Names of the modules in lava_opzo.cli, in the order of the help page.

Each imports what it needs when it runs, so that --help is quick.
"""


def application() -> typer.Typer:
    """The command line with all its commands."""
    app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
    app.callback()(lava_opzo)
    for name in COMMANDS:
        module = importlib.import_module(f"lava_opzo.cli.{name}")
        app.command(name.replace("_", "-"))(getattr(module, name))
    return app


def print_version(asked: bool) -> None:
    """Print the version and exit, where it is asked for."""
    if asked:
        print(f"lava-opzo {__version__}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=print_version, is_eager=True, help="Show the version and exit.")]


def lava_opzo(version: Version = False) -> None:
    """On-line pseudo-zeroth-order learning, bit for bit, on Lava and Loihi 2."""


def run(app: typer.Typer) -> None:
    """Run a typer application and exit.

    A UserError becomes its message on standard error and its exit code, a RangeWarning a line.
    """
    ordinary = warnings.formatwarning

    def line(message: Warning | str, category: type[Warning], filename: str, lineno: int, text: str | None = None) -> str:
        if issubclass(category, RangeWarning):
            return f"warning: {message}\n"
        return ordinary(message, category, filename, lineno, text)

    warnings.formatwarning = line
    try:
        app()
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)


def main() -> None:
    """The entry point `lava-opzo`."""
    run(application())
