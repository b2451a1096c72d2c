"""The systems that carry Loihi 2 chips, from one chip to Hala Point."""
from dataclasses import dataclass

from lava_opzo.errors import UserError
from lava_opzo.silicon.limits import LIMITS


@dataclass(frozen=True)
class Board:
    """A system: its number of chips, where that number comes from, and whether it was verified."""

    name: str
    chips: int
    source: str
    verified: bool

    @property
    def cores(self) -> int:
        """Neurocores of all chips."""
        return self.chips * LIMITS.cores_per_chip.number


BOARDS = {
    board.name: board
    for board in (
        Board("oheo-gulch", 1, "lava/magma/core/resources.py: a single Loihi 2 chip", True),
        Board("kapoho-point", 4, "lava/magma/core/resources.py: four Loihi 2 chips", True),
        Board("kapoho-point-stack", 8, "Intel's press release and the lava-dl benchmark notebooks, which divide by 8", False),
        Board("vpx16", 16, "name of the 16-chip VPX system in lava-dl's YOLO notebook", False),
        Board("alia-point", 128, "recalled from INRC talks; no public document found", False),
        Board("hala-point", 1152, "Intel's press release of April 2024", False),
    )
}


def find(name: str) -> Board:
    """The board of that name. Raises UserError for an unknown one."""
    if name not in BOARDS:
        raise UserError(f"board '{name}' is unknown; choose one of {', '.join(BOARDS)}")
    return BOARDS[name]
