"""LearningPatches: local or shared weights that learn; memory and time follow the edges."""
import numpy as np
from lava.magma.core.process.ports.ports import InPort, OutPort
from lava.magma.core.process.process import AbstractProcess, LogConfig
from lava.magma.core.process.variable import Var

from lava_opzo.errors import UserError
from lava_opzo.learning import rules
from lava_opzo.silicon.profile import STOCK_LAVA, Profile
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.patches import Patches


class LearningPatches(AbstractProcess):
    """A plastic connection in which every neuron sees one patch of an image, as `LearningDense` with the rule of W.

    a_out is sent one time step after the messages that it sums, as by every connection of Lava. A pre-synaptic message adds
    2*y1 - 2*y2 of its post-synaptic neuron to the weight of its edge; where edges share a weight, post-synaptic neurons take
    their turns in raster order, or their changes are added up (docs/arithmetic.md section 10). No array is larger than the
    edges of the topology.

    Parameters
    ----------
    topology : Patches
        `Local` for one weight an edge, `Conv` for weights that all positions share.
    weights : numpy.ndarray
        In the shape of topology.weight_shape: even integers within the rails, or real numbers.
    num_message_bits : int, optional
        0 for spikes, more for payloads.
    profile : Profile, optional
        The rails of the chip.
    residual : numpy.ndarray, optional
        In the shape of the weights: what the sums of earlier changes left, where the topology adds them up (`Conv.sum_shift`);
        default 0.
    rail_touches : numpy.ndarray, optional
        Shared int64 array (1,) that counts the additions that end at a rail.
    learns : bool, optional
        False for a connection without a rule, whose traces nobody writes.

    Ports
    -----
    s_in : (n_pre,), spikes or payloads.
    a_out : (n_post,), synaptic input in weight units.
    s_in_y1, s_in_y2 : (n_post,), post-synaptic traces.

    Raises UserError for weights of another shape.

    Examples
    --------
    >>> from lava_opzo.topology.conv import Conv
    >>> wiring = Conv(shape=(28, 28, 1), channels=8, kernel=(5, 5), stride=(2, 2), padding=(2, 2))
    >>> connection = LearningPatches(topology=wiring, weights=np.zeros((8, 25), int), num_message_bits=4)
    >>> connection.s_in.shape, connection.a_out.shape
    ((784,), (1568,))

    This makes a convolution from an image of 28 x 28 to one of 14 x 14 with 8 channels.
    """

    def __init__(self, *, topology: Patches, weights: np.ndarray, num_message_bits: int = 0, profile: Profile = STOCK_LAVA,
                 residual: np.ndarray | None = None, rail_touches: np.ndarray | None = None, learns: bool = True,
                 name: str | None = None,
                 log_config: LogConfig | None = None) -> None:
        super().__init__(topology=topology, profile=profile, rail_touches=rail_touches,
                         learning_rule=rules.learning_rule(rules.FORWARD) if learns else None, name=name, log_config=log_config)
        if weights.shape != topology.weight_shape:
            raise UserError(f"connection '{self.name}': its weights have shape {weights.shape}, its topology needs "
                            f"{topology.weight_shape}; use the state of this network")
        self.s_in, self.a_out = InPort((topology.n_pre,)), OutPort((topology.n_post,))
        self.s_in_y1, self.s_in_y2 = InPort((topology.n_post,)), InPort((topology.n_post,))
        self.weights = Var(shape=weights.shape, init=weights)
        adds_up = isinstance(topology, Conv) and topology.sum_shift > 0
        self.residual = Var(shape=weights.shape if adds_up else (1,), init=0 if residual is None else residual)
        self.a_buff = Var(shape=(topology.n_post,), init=0)
        self.num_message_bits = Var(shape=(1,), init=num_message_bits)
