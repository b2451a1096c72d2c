"""Neurocore models of our Processes, plugged in by dotted name: checked one by one and chosen explicitly.

Lava's `Loihi2HwCfg` falls back to a Python model in silence when it finds no other. Here every Process that runs on the chip
gets its model by name, through `exception_proc_model_map`, and a Python model in a board run is refused.
"""
import importlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lava_opzo.errors import UserError, shown

if TYPE_CHECKING:
    from lava.magma.core.process.process import AbstractProcess
    from lava.magma.core.run_configs import Loihi2HwCfg, Loihi2SimCfg

PROCESSES = {
    "OpzoLIF": "process_models.opzo_lif.process",
    "OpzoReadout": "process_models.opzo_readout.process",
    "LearningDense": "lava.proc.dense.process",
}
"""Processes of the on-chip mode that run on neurocores, and their modules. The source of samples runs on the host."""

REHEARSAL = {
    "OpzoLIF": "process_models.opzo_lif.models.PyOpzoLIFModelFixed",
    "OpzoReadout": "process_models.opzo_readout.models.PyOpzoReadoutModelFixed",
    "LearningDense": "process_models.learning_dense.models.PyLearningDenseModelEventDriven",
}
"""What stands in their place when the simulator stands in the board's."""


def load_plugins(names: dict[str, str], board: bool = True) -> dict[type, type]:
    """{Process name: "package.module.Class"} to {Process: model class}, for `exception_proc_model_map`.

    board: whether a chip will run them; then a Python model is refused. Raises UserError for an unknown Process, a Process
    without a model, a class that is missing or no process model, a model of another Process, and a model for another resource.
    """
    for name in names:
        if name not in PROCESSES:
            raise UserError(f"plug-in for '{name}': no such Process on the chip; they are {', '.join(PROCESSES)}")
    missing = [name for name in PROCESSES if name not in names]
    if missing:
        own = " ".join(f"--plugin {name}={REHEARSAL[name]}" for name in missing)
        raise UserError(f"plug-ins: no model given for {', '.join(missing)}; name one each as Process=package.module.Class, "
                        "a Python model is never taken in its place" + ("" if board else f" unless you say so: {own}"))
    return {process: _model(name, names[name], process, board) for name in PROCESSES for process in [_process(name)]}


def run_config(plugins: dict[type, type], board: bool = True) -> "Loihi2HwCfg | Loihi2SimCfg":
    """The Lava run configuration with exactly these models: `Loihi2HwCfg`, or `Loihi2SimCfg` in the board's place."""
    from lava.magma.core.run_configs import Loihi2HwCfg, Loihi2SimCfg

    kind = Loihi2HwCfg if board else Loihi2SimCfg
    return kind(select_tag="fixed_pt", exception_proc_model_map=plugins)


def refuse_python_models(processes: Iterable["AbstractProcess"]) -> None:
    """Raise UserError if a compiled Process that belongs on the chip, or one inside it, was given a Python model."""
    from lava.magma.core.model.py.model import AbstractPyProcessModel

    for process in _leaves(processes):
        if issubclass(process.model_class, AbstractPyProcessModel):
            raise UserError(f"process '{process.name}': Lava took the Python model {process.model_class.__name__} in a board "
                            f"run; install a lava-loihi that has a neurocore model of {type(process).__name__}")


def _leaves(processes: Iterable["AbstractProcess"]) -> Iterator["AbstractProcess"]:
    """The Processes that run: a hierarchical one stands for those inside it."""
    for process in processes:
        inner = list(process.procs)
        yield from _leaves(inner) if inner else [process]


def _process(name: str) -> type:
    return getattr(importlib.import_module(PROCESSES[name]), name)


def _model(name: str, dotted: str, process: type, board: bool) -> type:
    from lava.magma.core.model.model import AbstractProcessModel
    from lava.magma.core.model.py.model import AbstractPyProcessModel
    from lava.magma.core.resources import Loihi2NeuroCore, NeuroCore

    owner = f"plug-in for '{name}': {dotted}"
    module, _, class_name = dotted.rpartition(".")
    try:
        model = getattr(importlib.import_module(module), class_name)
    except (Exception, SystemExit) as error:  # whatever a package does while it loads
        reason = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise UserError(f"{owner} cannot be imported: {shown(reason)}; give package.module.Class of an installed "
                        "package") from None
    if not (isinstance(model, type) and issubclass(model, AbstractProcessModel)):
        raise UserError(f"{owner} is not a Lava process model; give the class decorated with @implements")
    implements = getattr(model, "implements_process", None)
    if implements is not process:
        implemented = getattr(implements, "__name__", "nothing")
        raise UserError(f"{owner} implements {implemented}, not {name}; give the model whose @implements names {name}")
    if board and issubclass(model, AbstractPyProcessModel):
        raise UserError(f"{owner} is a Python model; a board run takes neurocore models only")
    resources = list(getattr(model, "required_resources", None) or [])
    if board and not any(resource in (NeuroCore, Loihi2NeuroCore) for resource in resources):
        named = [getattr(resource, "__name__", str(resource)) for resource in resources]
        raise UserError(f"{owner} requires {named}, not a Loihi 2 neurocore; "
                        "decorate it with @requires(Loihi2NeuroCore)")
    return model
