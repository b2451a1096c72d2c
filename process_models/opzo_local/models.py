"""OpzoLocal built from its three Processes."""
from lava.magma.core.decorator import implements, tag

from process_models.opzo_layer_model import SubOpzoLayerModel
from process_models.opzo_local.process import OpzoLocal


@implements(proc=OpzoLocal)
@tag("fixed_pt", "floating_pt")
class SubOpzoLocalModel(SubOpzoLayerModel):
    """W is `LearningPatches`."""
