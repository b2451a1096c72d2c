"""Whether what a file declares can be held at all, asked before it is read."""
import contextlib
from pathlib import Path

from lava_opzo.errors import SystemRefusedError, UserError

MOST_BYTES = 1 << 32
"""Most bytes that the arrays of one artefact may take unpacked, whatever memory the machine has."""

SHARE = 3
"""Arrays may take one part in so many of the memory that is free: checking and copying them takes the others."""

GROUP = Path("/sys/fs/cgroup")
"""Where Linux says how much memory a container may use."""


def check_size(owner: str, n_bytes: int) -> None:
    """Raise UserError that begins with `owner` for more bytes than an artefact can have, or than the machine can work on."""
    if n_bytes > MOST_BYTES:
        raise UserError(f"{owner}: {n_bytes} bytes of arrays are above {MOST_BYTES}, the most that are read; use fewer samples "
                        "or check that it is the right file")
    free = available()
    if free is not None and n_bytes > free // SHARE:
        raise SystemRefusedError(f"{owner}: {n_bytes} bytes of arrays are more than a third of the {free} bytes of memory that "
                                 "are free; free memory or use fewer samples")


def available() -> int | None:
    """Bytes of memory that are free here, the limit of a container included; None where the system does not say."""
    found = []
    with contextlib.suppress(OSError, ValueError, IndexError):
        lines = Path("/proc/meminfo").read_text().splitlines()
        found.append(1024 * int(next(line for line in lines if line.startswith("MemAvailable:")).split()[1]))
    with contextlib.suppress(OSError, ValueError):
        found.append(int((GROUP / "memory.max").read_text()) - int((GROUP / "memory.current").read_text()))
    return max(0, min(found)) if found else None
