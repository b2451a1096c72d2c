"""From a command line to a bench."""
import importlib

from lava_opzo.board.acceptance.bench import Bench, SimulatorBench
from lava_opzo.engines.announce import lava_loihi_installed
from lava_opzo.errors import NoBoardError, UserError, shown


def open_bench(target: str, bench: str | None) -> Bench:
    """The bench of `target` (simulator or loihi2); `bench` names a board owner's class as package.module:Class.

    Raises NoBoardError for loihi2 without lava-loihi; UserError for an unknown target and a class that is missing or incomplete.
    """
    if target not in ("simulator", "loihi2"):
        raise UserError(f"target '{target}' is not one of simulator, loihi2; choose one of them")
    if target == "simulator":
        return SimulatorBench()
    if not lava_loihi_installed():
        raise NoBoardError("target loihi2: lava-loihi is not installed (python -c 'import lava.utils.loihi2_profiler' fails); "
                           "install INRC's package or use --target simulator")
    if bench is None:
        raise UserError("target loihi2: give --bench package.module:Class, the two experiments on your board (docs/board.md)")
    return load_bench(bench)


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
