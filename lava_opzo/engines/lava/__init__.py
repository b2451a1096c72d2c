"""The network as a graph of Lava Processes.

Lava finds process models by the name of a top-level package, `process_models`. Other projects use that name, too, so what Python
found under it is checked here, before anything is built from it.
"""
from pathlib import Path

import process_models
from lava_opzo.errors import UserError


def check_process_models() -> None:
    """Raise UserError if Python took another project's package `process_models` for the one that stands beside lava_opzo."""
    wanted = Path(__file__).resolve().parents[3] / "process_models"
    found = [Path(place).resolve() for place in getattr(process_models, "__path__", [process_models.__file__])]
    if found != [wanted]:
        raise UserError(f"package process_models: Python found it in {', '.join(map(str, found))}, lava-opzo needs {wanted}; "
                        f"rename the other one, or put {wanted.parent} before it in PYTHONPATH")


check_process_models()
