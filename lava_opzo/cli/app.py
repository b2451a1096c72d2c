"""The command line `lava-opzo`: commands from lava_opzo.cli; whatever happens ends in one line and a documented exit code."""
import importlib
import sys
from collections.abc import Callable
from typing import Annotated, Any, NoReturn

import typer

from lava_opzo import __version__
from lava_opzo.cli.guards import ENDINGS, Ended, check_address_space, ended_by_signals, no_traceback_beside, warnings_as_lines
from lava_opzo.cli.output import answered, one_line, printable
from lava_opzo.cli.streams import Streams
from lava_opzo.errors import CRASHED, SimulationError, UserError
from lava_opzo.files.system import as_line, out_of_memory

COMMANDS = ("train", "resume", "evaluate", "predict", "plot", "report", "compare", "sweep", "tune", "verify", "record", "replay",
            "preflight", "export", "import_network", "acceptance", "board_report", "deploy", "schema", "paper")
"""Names of the modules in lava_opzo.cli, in the order of the help page.

Each imports what it needs when it runs, so that --help is quick.
"""

USAGE: Any = typer.BadParameter.__mro__[2]
"""What typer raises for a command line that it cannot read; it exports this class's children only."""


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


def run(build: Callable[[], typer.Typer]) -> NoReturn:
    """Build a typer application, run it and exit with one of `lava_opzo.errors.EXIT_CODES`.

    Every fault becomes one line on standard error. With --json standard output gets exactly one line: what the command
    answered, or {"error": ..., "code": ...}.
    """
    as_json = "--json" in sys.argv
    streams = Streams(as_json)
    with warnings_as_lines(), no_traceback_beside():
        code, message = _outcome(build)
        streams.output.flush()
        if message:
            print(f"error: {printable(message)}", file=sys.stderr)
        if as_json:
            streams.last_line(_last_line(code, message))
    failed = streams.close()
    if failed is not None and not code:
        refused = as_line(failed, "standard output or standard error: cannot be written")
        print(f"error: {refused}", file=sys.stderr)
        code = refused.exit_code
    sys.exit(code)


def main() -> NoReturn:
    """The entry point `lava-opzo`."""
    run(application)


def _outcome(build: Callable[[], typer.Typer]) -> tuple[int, str]:
    """The exit code of a command, and the line of its fault, empty where there was none."""
    try:
        with ended_by_signals():
            check_address_space()
            return int(build()(standalone_mode=False) or 0), ""
    except SimulationError as error:
        return error.exit_code, f"{error}; {_report(error.details)}" if error.details else str(error)
    except UserError as error:
        return error.exit_code, str(error)
    except USAGE as error:
        message = " ".join(error.format_message().split()).rstrip(".") or "no command was given"
        return UserError.exit_code, f"{message}; --help shows what there is"
    except Ended as ended:
        return ENDINGS[ended.args[0]]
    except OSError as error:
        told = as_line(error, str(error.filename or "the system"))
        return told.exit_code, str(told)
    except MemoryError as error:
        told = out_of_memory(error, "the job")
        return told.exit_code, str(told)
    except Exception as error:
        from lava_opzo.cli import crash

        return CRASHED, crash.line(error)


def _report(details: str) -> str:
    from lava_opzo.cli import crash

    return crash.told_where(crash.written(details))


def _last_line(code: int, message: str) -> str:
    content = answered()
    if not message and content is not None:
        return one_line(content)
    about = {"code": code} | ({"error": message} if message else {})
    return one_line({**content, **about} if isinstance(content, dict) else about)
