"""Which process models a network runs with in Lava."""
from lava_opzo.arithmetic.names import check_model
from lava_opzo.errors import UserError

ENGINES = ("fast", "stock")
"""How Lava computes the plastic connections: our event-driven model of LearningDense (equal bits), or the stock model."""


def run_config(model: str, engine: str):
    """The Lava run configuration: `Loihi2SimCfg(select_tag=model)`, with our model of LearningDense named for engine `fast`."""
    from lava.magma.core.run_configs import Loihi2SimCfg
    from lava.proc.dense.process import LearningDense

    check_model(model)
    if engine not in ENGINES:
        raise UserError(f"engine '{engine}' is not one of {', '.join(ENGINES)}; choose one of them")
    if engine == "stock" or model == "floating_pt":
        return Loihi2SimCfg(select_tag=model)
    from process_models.learning_dense.models import PyLearningDenseModelEventDriven

    return Loihi2SimCfg(select_tag=model, exception_proc_model_map={LearningDense: PyLearningDenseModelEventDriven})
