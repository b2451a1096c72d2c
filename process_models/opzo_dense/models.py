"""OpzoDense built from its three Processes."""
from lava.magma.core.decorator import implements, tag

from process_models.opzo_dense.process import OpzoDense
from process_models.opzo_layer_model import SubOpzoLayerModel


@implements(proc=OpzoDense)
@tag("fixed_pt", "floating_pt")
class SubOpzoDenseModel(SubOpzoLayerModel):
    """W is stock `LearningDense`."""
