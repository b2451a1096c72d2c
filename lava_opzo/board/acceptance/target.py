"""From a target to the bench and the checks that it answers."""
import importlib

from lava_opzo.board.acceptance.bench import Bench, SimulatorBench
from lava_opzo.board.acceptance.checks import CHECKS, Check
from lava_opzo.board.acceptance.programs import program_check
from lava_opzo.engines.lava.plugins import load_plugins
from lava_opzo.engines.target import Target
from lava_opzo.errors import UserError, shown


def open_bench(target: Target, bench: str | None) -> Bench:
    """The bench of a target; `bench` names a board owner's class as package.module:Class.

    Raises UserError for a board without a bench, a simulator with one, and a class that is missing or incomplete.
    """
    if not target.on_board:
        if bench is not None:
            raise UserError("--bench is for a board, the simulator has its own; give --target loihi2 with it, or leave it out")
        return SimulatorBench(load_plugins(target.plugins, board=False) if target.plugins else None)
    if bench is None:
        raise UserError("target loihi2: give --bench package.module:Class, the two experiments on your board (docs/board.md)")
    return load_bench(bench)


def checks_of(target: Target) -> list[Check]:
    """The checks that a target can be asked; whole programs on a board need plug-ins, or the mode in-the-loop."""
    asked = not target.on_board or bool(target.plugins) or target.mode != "on-chip"
    return [*CHECKS, program_check(target)] if asked else list(CHECKS)


def load_bench(name: str) -> Bench:
    """An instance of the class; checked for `name`, `lif` and `synapse`."""
    module, _, class_name = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), class_name)()
    except (Exception, SystemExit) as error:  # a board owner's code may raise anything
        said = shown(" ".join(str(error).split()))
        raise UserError(f"bench '{shown(name)}': cannot be made: {type(error).__name__} ({said}); "
                        "give package.module:Class of a class without arguments") from None
    missing = [attribute for attribute in ("name", "lif", "synapse") if not hasattr(found, attribute)]
    if missing:
        raise UserError(f"bench '{name}': lacks {', '.join(missing)}; "
                        "it needs name, lif and synapse as in lava_opzo.board.acceptance.bench")
    return found
