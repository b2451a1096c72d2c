"""The twin in integers as an engine."""
from typing import ClassVar

from lava_opzo.engines.engine import Abilities
from lava_opzo.engines.twin.base import CompiledEngine
from lava_opzo.engines.twin.integers import loop
from lava_opzo.network.checks import check_start
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.local import Local
from lava_opzo.topology.pool import Pool


class TwinEngine(CompiledEngine):
    """One network in the compiled integers. Raises UserError for a state that no integer engine should start from."""

    abilities: ClassVar[Abilities] = Abilities(numbers=("fixed",), credits=("opzo", "dfa"), topologies=(Dense, Local, Conv, Pool),
                                             steps=("fixed",), auxiliary=True)
    loop = loop

    def __init__(self, network: Network, state: State) -> None:
        check_start(network, state)
        super().__init__(network, state)
