"""The wheel that a user installs holds every module, the marker of annotations and the command line, and nothing else."""
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("lava_opzo", "process_models")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of a copy of the sources, so that nothing is built beside them."""
    copy = tmp_path_factory.mktemp("sources")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-input", "--wheel-dir",
                           copy / "out", copy], text=True, capture_output=True, timeout=240)
    if "No matching distribution found for setuptools" in done.stderr:
        pytest.skip("no package index to fetch setuptools from")
    assert done.returncode == 0, done.stderr
    (file,) = (copy / "out").iterdir()
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_every_module_and_marker_and_no_other_file(wheel):
    sources = {file.relative_to(ROOT).as_posix() for package in PACKAGES for file in (ROOT / package).rglob("*")
               if file.is_file() and "__pycache__" not in file.parts}
    assert {name for name in wheel if ".dist-info/" not in name} == sources and "lava_opzo/py.typed" in sources


def test_it_starts_the_command_line_and_needs_what_the_main_job_needs(wheel):
    said = {name.split("/")[1]: content.decode() for name, content in wheel.items() if name.count("/") == 1
            and ".dist-info/" in name}
    assert "lava-opzo = lava_opzo.__main__:main" in said["entry_points.txt"]
    for package in ("lava-nc==0.10.0", "numba", "bokeh", "scikit-learn"):
        assert f"Requires-Dist: {package}" in said["METADATA"]
    assert any(name.endswith("licenses/LICENSE") for name in wheel)
