"""All rules over one network: every finding is collected before anything raises."""
import numpy as np

from lava_opzo.board.finding import Finding, worst_first
from lava_opzo.board.rules.activity import ACTIVITY_RULES
from lava_opzo.board.rules.arithmetic import ARITHMETIC_RULES
from lava_opzo.board.rules.resources import RESOURCE_RULES
from lava_opzo.board.subject import Subject
from lava_opzo.errors import UserError
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.silicon.boards import Board
from lava_opzo.silicon.limits import limits_of
from lava_opzo.silicon.readouts import CLASSES

RULES = (*RESOURCE_RULES, *ARITHMETIC_RULES, *ACTIVITY_RULES)


def preflight(network: Network, state: State | None, board: Board, mode: str = "on-chip",
              frames: np.ndarray | None = None) -> list[Finding]:
    """The findings of all rules, worst first, good ones included.

    state: weights to check, or None for the shape alone. frames: payloads uint8 (n, rows, n_in); with them the twin measures
    activity and widths. Raises UserError for a kind of credit that no chip has, for labels and values that are to learn on chip,
    to which a board's host hands a class, for a baseline there, for updates in every step by a host, and for auxiliary readouts.
    `lava_opzo.board.finding.refuse` turns the errors among the findings into one exception.
    """
    credit = network.learning.credit
    if not credit.local:
        raise UserError(f"credit '{credit.kind}': no chip can learn with it, as it needs more than a third factor; "
                        "use opzo or dfa")
    readout = network.readout
    if mode == "on-chip" and readout.kind != CLASSES:
        raise UserError(f"population '{readout.name}': outputs of kind '{readout.kind}' do not travel through the Vars of a "
                        "board, which hold a class; use classes, or choose mode in-the-loop")
    baseline = network.learning.credit.baseline
    if mode == "on-chip" and baseline != "none":
        raise UserError(f"baseline '{baseline}': boards have no Var for its means yet; check mode in-the-loop, or a network with "
                        "baseline = \"none\"")
    if mode != "on-chip" and network.learning.by_step:
        raise UserError(f"updates 'step': no host learns between the steps of a sample, as mode {mode} would need; check the "
                        "network on chip, or one with updates 'sample'")
    if network.auxiliary:
        raise UserError(f"population '{network.auxiliary[0].name}': pre-flight knows no auxiliary readouts yet; check the "
                        "network without them, or run this one in the simulator")
    subject = Subject(network, board, state, frames, mode, limits_of(network.profile))
    return worst_first([finding for rule in RULES for finding in rule(subject)])
