"""Drawing a picture, which no result may be lost for."""
import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path

from lava_opzo.errors import FileWarning


@contextlib.contextmanager
def pictured(path: Path, whole: str) -> Iterator[None]:
    """Draw the picture `path` in a `with`; whatever it fails for becomes a FileWarning. whole: what is there all the same."""
    try:
        yield
    except Exception as error:  # a picture can fail for anything, as it draws whatever was learned
        reason = " ".join(str(error).split()) or type(error).__name__
        warnings.warn(f"{path}: cannot be drawn: {reason}; {whole}", FileWarning, stacklevel=3)
