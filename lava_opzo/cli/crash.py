"""A fault of this program itself: one line for the user, and a report to send."""
import importlib.metadata
import os
import platform
import sys
import tempfile
import traceback
from datetime import datetime, timezone

LIBRARIES = ("lava-opzo", "lava-nc", "numpy", "numba", "typer", "safetensors")


def line(error: BaseException) -> str:
    """What went wrong and where its report lies."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" in {os.path.basename(last[0].filename)}:{last[0].lineno}" if last else ""
    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    path = written("".join(traceback.format_exception(type(error), error, error.__traceback__)))
    return f"unexpected {what}{place}; this is a fault of lava-opzo; {told_where(path)}"


def told_where(path: str | None) -> str:
    """The end of a line that has a report."""
    return f"a report lies in {path}, please send it" if path else "no report could be written"


def written(details: str) -> str | None:
    """The path of a new file with the details, the command and the versions; None where nothing can be written."""
    about = [f"time: {datetime.now(timezone.utc):%Y-%m-%d %H:%M:%S} UTC", f"command: {sys.argv}",
             f"python: {platform.python_version()} on {platform.platform()}",
             *(f"{name}: {_version(name)}" for name in LIBRARIES)]
    try:
        descriptor, path = tempfile.mkstemp(prefix="lava-opzo-report-", suffix=".txt")
        with open(descriptor, "w", errors="backslashreplace") as file:
            file.write("\n".join([*about, "", details, ""]))
    except OSError:
        return None
    return path


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
