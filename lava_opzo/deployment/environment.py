"""The environment variables by which INRC's SLURM and boards are chosen: read, shown, checked (lava/utils/slurm.py, loihi.py)."""
import os
from collections.abc import Mapping
from dataclasses import dataclass

from lava_opzo.engines.announce import lava_loihi_installed
from lava_opzo.errors import UserError

GENERATIONS = ("N2A2", "N3B2", "N3B3", "N3C1", "N3D1")
"""lava/utils/loihi.py, ChipGeneration; N2A2 is Loihi 1."""

VARIABLES = {
    "SLURM": "1: start the board process through SLURM",
    "NOSLURM": "1: do not use SLURM",
    "PARTITION": "SLURM partition, for example oheogulch or kp",
    "BOARD": "SLURM node, for example ncl-og-01",
    "LOIHI_GEN": f"chip generation, one of {', '.join(GENERATIONS)}",
    "NXSDKHOST": "address of a board's host without SLURM",
    "HOST_BINARY": "driver server on that host, for example nxcore/bin/nx_driver_server",
    "NXOPTIONS": "options of the driver, for example --pio-cfg-chip=0x41FF",
}


@dataclass(frozen=True)
class Environment:
    """The variables that are set, and whether lava-loihi can be imported."""

    variables: dict[str, str]
    lava_loihi: bool

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """(name, value or "not set", meaning) of every variable, for a table."""
        return [(name, self.variables.get(name, "not set"), meaning) for name, meaning in VARIABLES.items()]

    @property
    def faults(self) -> list[str]:
        """What contradicts itself or cannot work, one line each."""
        get, faults = self.variables.get, []
        for name in ("SLURM", "NOSLURM"):
            if get(name, "1") not in ("0", "1"):
                faults.append(f"{name}={get(name)!r} is neither 0 nor 1; correct or unset it")
        if get("SLURM") == "1" and get("NOSLURM") == "1":
            faults.append("SLURM=1 and NOSLURM=1 contradict each other; unset one of them")
        if get("BOARD") and get("PARTITION"):
            faults.append(f"BOARD={get('BOARD')!r} and PARTITION={get('PARTITION')!r} are both set; "
                          "Lava takes one of them, unset the other")
        if get("LOIHI_GEN", "N3B3") not in GENERATIONS:
            faults.append(f"LOIHI_GEN={get('LOIHI_GEN')!r} is not one of {', '.join(GENERATIONS)}; correct it")
        if get("LOIHI_GEN") == "N2A2":
            faults.append("LOIHI_GEN='N2A2' is Loihi 1, which has no graded spikes; choose a Loihi 2 generation")
        if get("SLURM") == "1" and get("NXSDKHOST"):
            faults.append("SLURM=1 and NXSDKHOST are both set; a host address is for boards without SLURM, unset one of them")
        if get("HOST_BINARY") and not get("NXSDKHOST"):
            faults.append("HOST_BINARY is set without NXSDKHOST; give the host's address or unset it")
        return faults


def read(environ: Mapping[str, str] = os.environ, board: str | None = None, partition: str | None = None) -> Environment:
    """The board's variables in `environ`; `board` (a SLURM node) and `partition` from a command line replace theirs."""
    variables = {name: environ[name] for name in VARIABLES if environ.get(name)}
    variables |= {name: value for name, value in (("BOARD", board), ("PARTITION", partition)) if value}
    return Environment(variables, lava_loihi_installed())


def check(environment: Environment) -> None:
    """Raise UserError with one line per fault."""
    if environment.faults:
        raise UserError("environment: " + "; ".join(environment.faults))
