"""What a user installs, by the steps of the container in an environment of its own: modules, command line, the main job; and the
archive of sources, from which the same wheel is built.
"""
import os
import sys
import zipfile
from pathlib import Path

import pytest

from sim_tests.helpers.recipes import ROOT, called, copied, installed, site_packages
from sim_tests.helpers.tiny_run import write_tiny_run

PACKAGES = ("lava_opzo", "process_models")
UNFETCHED = "No matching distribution found for setuptools"


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """(folder of the environment, variables in which its commands are found)."""
    folder = tmp_path_factory.mktemp("installed")
    variables, done = installed(folder)
    if UNFETCHED in done.stderr:
        pytest.skip("no package index to fetch setuptools from")
    assert done.returncode == 0 and done.stdout.startswith("lava-opzo "), done.stderr
    return folder / "python", variables


def written(python: Path) -> list[str]:
    """The files of the wheel, as the environment keeps their list."""
    (record,) = site_packages(python).glob("lava_opzo-*.dist-info/RECORD")
    return [line.split(",")[0] for line in record.read_text().splitlines()]


def sources() -> set[str]:
    """Every file of the packages."""
    return {file.relative_to(ROOT).as_posix() for package in PACKAGES for file in (ROOT / package).rglob("*")
            if file.is_file() and "__pycache__" not in file.parts}


def test_it_holds_every_module_and_marker_and_no_other_file(environment):
    found = {name for name in written(environment[0]) if ".dist-info/" not in name}
    assert found == sources() | {"../../../bin/lava-opzo"} and "lava_opzo/py.typed" in sources()


def test_the_archive_of_sources_is_enough_to_build_the_same_wheel(tmp_path):
    checkout = copied(tmp_path / "checkout")
    done = called(dict(os.environ), tmp_path, sys.executable, "-m", "build", "--outdir", "built", checkout)
    if UNFETCHED in done.stdout + done.stderr:
        pytest.skip("no package index to fetch setuptools from")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "built").glob("lava_opzo-*.tar.gz"))) == 1, "the wheel was built from it"
    (wheel,) = (tmp_path / "built").glob("lava_opzo-*.whl")
    assert {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name} == sources()


def test_it_starts_the_command_line_and_needs_what_the_main_job_needs(environment):
    (said,) = site_packages(environment[0]).glob("lava_opzo-*.dist-info")
    assert "lava-opzo = lava_opzo.__main__:main" in (said / "entry_points.txt").read_text()
    for package in ("lava-nc==0.10.0", "numba", "bokeh", "scikit-learn"):
        assert f"Requires-Dist: {package}" in (said / "METADATA").read_text()
    assert any(name.endswith("licenses/LICENSE") for name in written(environment[0]))


def test_the_main_job_runs_there_without_the_checkout(environment, tmp_path):
    python, variables = environment
    tiny = write_tiny_run(tmp_path, n_train=4, epochs=1)[0]
    run = called({**variables, "NUMBA_DISABLE_JIT": "1"}, tmp_path, "lava-opzo", "deploy", tiny, "--no-report", "--out", "run")
    assert run.returncode == 0 and "to the same bits in every array" in run.stdout, run.stderr
    where = called(variables, tmp_path, "python", "-c", "import lava_opzo; print(lava_opzo.__file__)")
    assert where.stdout == f"{site_packages(python)}/lava_opzo/__init__.py\n", where.stderr
