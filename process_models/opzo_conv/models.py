"""OpzoConv built from its three Processes."""
from lava.magma.core.decorator import implements, tag

from process_models.opzo_conv.process import OpzoConv
from process_models.opzo_layer_model import SubOpzoLayerModel


@implements(proc=OpzoConv)
@tag("fixed_pt", "floating_pt")
class SubOpzoConvModel(SubOpzoLayerModel):
    """W is `LearningPatches`."""
