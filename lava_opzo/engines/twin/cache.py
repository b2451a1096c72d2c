"""What makes numba's cache on disk follow the sources: it looks at the file of a function alone, not at what that calls."""
import hashlib
from pathlib import Path

FOLDERS = ("engines/twin", "arithmetic", "silicon")
"""What the compiled loops are made of: folders of lava_opzo with their functions and constants."""


def sources(*folders: str) -> list[Path]:
    """The source files of these folders of lava_opzo and of the folders in them, in a fixed order.

    Raises FileNotFoundError for a folder that is not there.
    """
    root, found = Path(__file__).parents[2], []
    for folder in folders:
        if not (root / folder).is_dir():
            raise FileNotFoundError(f"{root / folder}: no such folder; name the folders of which the compiled loops are made")
        found += sorted((root / folder).rglob("*.py"))
    return found


def fingerprint() -> int:
    """A number that changes with any source of the compiled loops; closed over by such a loop, it is part of its key."""
    return int.from_bytes(hashlib.sha256(b"".join(path.read_bytes() for path in sources(*FOLDERS))).digest()[:4], "big")
