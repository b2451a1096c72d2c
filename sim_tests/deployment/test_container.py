"""The recipes of deploy/container copy what is there, and both the same; sim_tests/test_wheel.py runs their steps."""
import re

from sim_tests.helpers.recipes import ROOT, STEPS, apptainer, copies, docker

HOME = "/opt/lava-opzo"
"""Where the sources lie in an image."""


def test_both_recipes_begin_with_python_3_10_on_debian_copy_the_same_and_run_the_same_steps():
    one, other = docker(), apptainer()
    assert one["FROM"] == other["From"] == [["python:3.10-slim-bookworm"]] and other["Bootstrap"] == [["docker"]]
    assert copies() == dict(other["%files"])
    assert one["RUN"] == other["%post"] == [["bash", f"{HOME}/{STEPS}"]]
    assert one["ENTRYPOINT"] == [["[lava-opzo]"]] and other["%runscript"] == [["exec", "lava-opzo", "$@"]]


def test_what_they_copy_is_there_and_is_all_that_the_installation_reads():
    assert all((ROOT / source).exists() and target == f"{HOME}/{source}" for source, target in copies().items())
    named = re.findall(r'^(?:readme = "|license-files = \["|include = \[")([\w.]+)', (ROOT / "pyproject.toml").read_text(), re.M)
    assert {*named, "process_models", "pyproject.toml", "constraints.txt"} <= set(copies())
