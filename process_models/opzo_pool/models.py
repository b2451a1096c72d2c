"""OpzoPool built from its three Processes."""
from lava.magma.core.decorator import implements, tag

from process_models.opzo_layer_model import SubOpzoLayerModel
from process_models.opzo_pool.process import OpzoPool


@implements(proc=OpzoPool)
@tag("fixed_pt", "floating_pt")
class SubOpzoPoolModel(SubOpzoLayerModel):
    """W is `LearningPatches` without a rule."""
