"""The recipes of deploy/container, without a container engine: what they copy is there, and their steps run here."""
import os
import re
import shlex
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from sim_tests.helpers.tiny_run import write_tiny_run

ROOT = Path(__file__).parents[2]
RECIPES = ROOT / "deploy" / "container"
HOME = "/opt/lava-opzo"
"""Where the sources lie in an image."""

Recipe = dict[str, list[list[str]]]
"""Instruction -> the words of each of its lines."""


def docker() -> Recipe:
    found: Recipe = {}
    for line in (RECIPES / "Dockerfile").read_text().splitlines():
        if line and not line.startswith("#"):
            instruction, rest = line.split(" ", 1)
            found.setdefault(instruction, []).append(shlex.split(rest))
    return found


def apptainer() -> Recipe:
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


def test_both_recipes_begin_with_python_3_10_on_debian_copy_the_same_and_run_the_same_steps():
    one, other = docker(), apptainer()
    assert one["FROM"] == other["From"] == [["python:3.10-slim-bookworm"]] and other["Bootstrap"] == [["docker"]]
    assert copies() == dict(other["%files"])
    assert one["RUN"] == other["%post"] == [["bash", f"{HOME}/deploy/container/install.sh"]]
    assert one["ENTRYPOINT"] == [["[lava-opzo]"]] and other["%runscript"] == [["exec", "lava-opzo", "$@"]]


def test_what_they_copy_is_there_and_is_all_that_the_installation_reads():
    assert all((ROOT / source).exists() and target == f"{HOME}/{source}" for source, target in copies().items())
    named = re.findall(r'^(?:readme = "|license-files = \["|include = \[")([\w.]+)', (ROOT / "pyproject.toml").read_text(), re.M)
    assert {*named, "process_models", "pyproject.toml", "constraints.txt"} <= set(copies())


def test_the_steps_install_the_copy_in_an_environment_of_its_own_and_the_main_job_runs_there(tmp_path):
    image = tmp_path / "image"
    for source in copies():
        (image / source).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, image / source, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, image / source)
    environment = environment_beside_this_one(tmp_path / "python")
    done = said(environment, tmp_path, "bash", image / "deploy/container/install.sh")
    if "No matching distribution found for setuptools" in done.stderr:
        pytest.skip("no package index to fetch setuptools from")
    assert done.returncode == 0 and done.stdout.startswith("lava-opzo "), done.stderr
    shutil.rmtree(image)
    where = said(environment, tmp_path, "python", "-c",
                 "import lava_opzo, process_models; print(lava_opzo.__file__, *process_models.__path__)")
    assert where.stdout and all(path.startswith(str(tmp_path / "python")) for path in where.stdout.split()), where.stderr
    tiny = write_tiny_run(tmp_path, n_train=8)[0]
    run = said({**environment, "NUMBA_DISABLE_JIT": "1"}, tmp_path, "lava-opzo", "deploy", tiny, "--no-report", "--out", "run")
    assert run.returncode == 0 and "to the same bits in every array" in run.stdout, run.stderr


def said(environment: dict[str, str], folder: Path, *command: str | Path) -> subprocess.CompletedProcess:
    """A command in this environment and folder, to its end."""
    return subprocess.run(command, env=environment, cwd=folder, text=True, capture_output=True, timeout=240)


def environment_beside_this_one(folder: Path) -> dict[str, str]:
    """The variables of a new environment that has all packages of this one but the project, so that nothing is fetched for it."""
    venv.create(folder, with_pip=False)
    (packages,) = folder.glob("lib/python3.10/site-packages")
    (packages / "beside.pth").write_text(next(path for path in sys.path if path.endswith("site-packages")) + "\n")
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    return {**kept, "PATH": f"{folder}/bin:{os.environ['PATH']}", "VIRTUAL_ENV": str(folder)}
