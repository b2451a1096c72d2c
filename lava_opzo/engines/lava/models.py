"""Which process models a network runs with in Lava."""
from lava.magma.core.run_configs import Loihi2SimCfg
from lava.proc.dense.process import LearningDense

from lava_opzo.arithmetic.numbers import numbers
from lava_opzo.errors import UserError
from process_models.learning_dense.models import PyLearningDenseModelEventDriven
from process_models.opzo_lif.process import OpzoLIF

KINDS = ("fast", "stock")
"""How Lava computes the plastic connections: event-driven, by our model of LearningDense and by LearningPatches, or by stock
LearningDense. Equal bits."""


def run_config(number: str = "fixed", kind: str = "fast", neuron: type | None = None) -> Loihi2SimCfg:
    """The Lava run configuration of a graph: `Loihi2SimCfg` with the number system's tag and the models that are chosen by name.

    kind: a key of KINDS; real numbers have the stock model alone. neuron: a process model of one's own for `OpzoLIF`.
    """
    if kind not in KINDS:
        raise UserError(f"kind '{kind}' is not one of {', '.join(KINDS)}; choose one of them")
    chosen: dict[type, type] = {}
    if number == "fixed" and kind == "fast":
        chosen[LearningDense] = PyLearningDenseModelEventDriven
    if neuron is not None:
        if getattr(neuron, "implements_process", None) is not OpzoLIF:
            raise UserError(f"neuron {neuron.__name__}: it is no process model of OpzoLIF; derive it from FixedOpzoLIF or "
                            "RealOpzoLIF and decorate it with @implements(proc=OpzoLIF, protocol=LoihiProtocol)")
        chosen[OpzoLIF] = neuron
    return Loihi2SimCfg(select_tag=numbers(number).tag, exception_proc_model_map=chosen)
