"""The recipes of deploy/container, read without a container engine, and their steps run outside of an image."""
import os
import re
import shlex
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
RECIPES = ROOT / "deploy" / "container"
STEPS = "deploy/container/install.sh"

Recipe = dict[str, list[list[str]]]
"""Instruction -> the words of each of its lines."""


def docker() -> Recipe:
    """The Dockerfile."""
    found: Recipe = {}
    for line in (RECIPES / "Dockerfile").read_text().splitlines():
        if line and not line.startswith("#"):
            instruction, rest = line.split(" ", 1)
            found.setdefault(instruction, []).append(shlex.split(rest))
    return found


def apptainer() -> Recipe:
    """The .def file; its sections are instructions, with the sign."""
    found: Recipe = {}
    section = ""
    for line in (RECIPES / "lava-opzo.def").read_text().splitlines():
        if header := re.fullmatch(r"(\w+): (.*)", line):
            found[header[1]] = [[header[2]]]
        elif line.startswith("%"):
            section = line
        elif line and not line.startswith("#"):
            found.setdefault(section, []).append(shlex.split(line))
    return found


def copies() -> dict[str, str]:
    """Source in the checkout -> its place in the image, as the Dockerfile has it."""
    return {source: target + Path(source).name if target.endswith("/") else target
            for *sources, target in docker()["COPY"] for source in sources}


def copied(folder: Path) -> Path:
    """What the recipes copy, in `folder`, which is made."""
    for source in copies():
        (folder / source).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, folder / source, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, folder / source)
    return folder


def installed(folder: Path) -> tuple[dict[str, str], subprocess.CompletedProcess]:
    """Run the steps on what the recipes copy, with a new environment in `folder` as the image's Python; the copy is removed then.

    Returns the variables in which the environment's commands are found first, and how the steps ended. The environment has the
    packages of this one but the project, so that nothing but what builds the wheel is fetched.
    """
    image, python = copied(folder / "image"), folder / "python"
    venv.create(python, with_pip=False)
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    (site_packages(python) / "beside.pth").write_text(f"{packages}\n")
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    variables = {**kept, "PATH": f"{python}/bin:{os.environ['PATH']}", "VIRTUAL_ENV": str(python), "PIP_COMPILE": "0"}
    done = called(variables, folder, "bash", image / STEPS)
    shutil.rmtree(image)
    return variables, done


def site_packages(python: Path) -> Path:
    """Where an environment has its packages."""
    return python / "lib" / "python3.10" / "site-packages"


def called(variables: dict[str, str], folder: Path, *command: str | Path) -> subprocess.CompletedProcess:
    """A command with these variables in this folder, to its end."""
    return subprocess.run(command, env=variables, cwd=folder, text=True, capture_output=True, timeout=240)
