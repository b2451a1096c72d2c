"""What a person with a board sends back, as one file: answers, profile, first difference, versions, environment; no secrets."""
import json
import os
import platform
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

from lava_opzo.board.acceptance.measured import profile_of
from lava_opzo.board.scrub import environment, without_paths
from lava_opzo.errors import SimulationError, UserError
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.files.new import write_new
from lava_opzo.files.reading import read_text

FORMAT = "lava-opzo board report 1"
MOST_BYTES = 1 << 26
"""More than the answer of any command has."""

PACKAGES = ("lava-opzo", "lava-nc", "lava-loihi", "nxcore", "numpy", "numba")
MOST_DETAILS = 4000
"""Characters of a traceback that are kept, from its end."""

Result = TypeVar("Result")

UNSENT = ("replay", "ranges")
"""Keys of a verify report that hold a command line with paths, or more than anybody reads."""


def report(target: str, checks: list[dict[str, Any]], on_board: bool, verified: dict[str, Any], failed: list[str],
           experiment: Experiment, n_trained: int, paths: tuple[Path, ...] = (),
           environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The content of the file.

    checks: of `acceptance`. verified: of `verify`. failed: what ended one of them before its time. paths: as a user wrote them.
    """
    document = experiment.document()
    known = (*paths, document["data"].pop("path"), Path.home(), Path.cwd())
    content = {"format": FORMAT, "versions": versions(), "environment": environment(environ), "target": target,
               "acceptance": checks, "profile": _profile(checks, on_board), "verify": _sent(verified), "failed": failed,
               "experiment": document, "experiment_sha256": experiment.hash, "n_trained": n_trained}
    return without_paths(content, [path for path in known if str(path)])


def attempted(what: str, work: Callable[[], Result], otherwise: Result, failed: list[str]) -> Result:
    """What `work` returns; where a process or a board fails, `otherwise`, and a line in `failed`, for the report is due then."""
    try:
        return work()
    except SimulationError as error:
        failed.append(f"{what}: {error}; {error.details[-MOST_DETAILS:]}")
    except UserError as error:
        failed.append(f"{what}: {error}")
    except Exception as error:  # a board owner's code may raise anything
        failed.append(f"{what}: {type(error).__name__}: {error}")
    return otherwise


def versions() -> dict[str, str]:
    """Python, the system and the packages that compute, by name."""
    found = {"python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def answer_in(path: Path, key: str) -> dict[str, Any]:
    """What a command printed under --json, from a file. Raises UserError for a file that does not have `key`."""
    text = read_text("answer", path, MOST_BYTES)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or key not in content:
        raise UserError(f"answer {path}: not what a command prints under --json, with '{key}' in it; write it again")
    return content


def write(path: Path, content: dict[str, Any]) -> None:
    """Write the file anew. Raises UserError where one is, and where the disk refuses."""
    write_new(path, (json.dumps(content, indent=1, default=str) + "\n").encode())


def _profile(checks: list[dict[str, Any]], on_board: bool) -> dict[str, Any] | str:
    """The profile that the answers make, or why they make none."""
    try:
        return profile_of("measured", {check["check"]: check["answer"] for check in checks}, on_board).document()
    except UserError as error:
        return str(error)
    except (KeyError, TypeError):
        raise UserError("acceptance: its answer has no checks with letter and answer; ask again with --json") from None


def _sent(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _sent(value) for key, value in content.items() if key not in UNSENT}
    return [_sent(value) for value in content] if isinstance(content, list) else content
