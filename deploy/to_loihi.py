"""Deploy a spiking network that learns on line: in Lava's simulator here, on Loihi 2 where there is one.

    python deploy/to_loihi.py            learn scikit-learn's digits in Lava's fixed-point simulation
    python deploy/to_loihi.py --help     everything else

`lava-opzo deploy` is the same command.
"""
import typer

from lava_opzo.cli.app import run
from lava_opzo.cli.deploy import deploy


def application() -> typer.Typer:
    """The command `deploy` alone."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command("to_loihi.py")(deploy)
    return app


if __name__ == "__main__":
    run(application)
