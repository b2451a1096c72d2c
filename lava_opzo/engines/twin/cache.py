"""What makes numba's cache on disk follow the sources: it looks at the file of a function alone, not at what that calls."""
import hashlib
from pathlib import Path


def sources(*packages: str) -> list[Path]:
    """The source files of these packages of lava_opzo and of the folders in them, in a fixed order."""
    return [path for package in packages for path in sorted((Path(__file__).parents[1] / package).rglob("*.py"))]


def fingerprint(*packages: str) -> int:
    """A number that changes with any source of these packages of lava_opzo; closed over by a compiled loop, it is part of its key."""
    return int.from_bytes(hashlib.sha256(b"".join(path.read_bytes() for path in sources(*packages))).digest()[:4], "big")
