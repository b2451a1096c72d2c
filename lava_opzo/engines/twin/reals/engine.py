"""The twin in real numbers as an engine."""
from typing import ClassVar

from lava_opzo.engines.engine import Abilities
from lava_opzo.engines.twin.base import CompiledEngine
from lava_opzo.engines.twin.reals import loop
from lava_opzo.learning.credit import KINDS
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.local import Local
from lava_opzo.topology.pool import Pool


class RealTwinEngine(CompiledEngine):
    """One network in the compiled real numbers, which have neither rails nor limits."""

    abilities: ClassVar[Abilities] = Abilities(numbers=("real",), credits=KINDS, topologies=(Dense, Local, Conv, Pool),
                                               counts_touches=False, keeps_largest=False, records=False,
                                               steps=("real",), auxiliary=True)
    loop = loop
