"""The command line `lava-opzo`: commands from lava_opzo.cli, one line and an exit code for what a user can mend."""
import importlib
import sys
import warnings

import typer

from lava_opzo.errors import RangeWarning, UserError

COMMANDS = ("train", "resume", "evaluate", "plot", "compare", "sweep", "verify", "record", "replay", "preflight", "export",
            "import_network", "acceptance")
"""Names of the modules in lava_opzo.cli, in the order of the help page."""


def application() -> typer.Typer:
    app = typer.Typer(help="On-line pseudo-zeroth-order learning, bit for bit, on Lava and Loihi 2.", no_args_is_help=True,
                      add_completion=False, pretty_exceptions_enable=False)
    for name in COMMANDS:
        module = importlib.import_module(f"lava_opzo.cli.{name}")
        app.command(name.replace("_", "-"))(getattr(module, name))
    return app


def run(app: typer.Typer) -> None:
    """Run a typer application and exit; a UserError becomes its message on standard error and its exit code, a RangeWarning a line."""
    ordinary = warnings.showwarning

    def show(message, category, *place):
        if issubclass(category, RangeWarning):
            print(f"warning: {message}", file=sys.stderr)
        else:
            ordinary(message, category, *place)

    warnings.showwarning = show
    try:
        app()
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)


def main() -> None:
    run(application())
