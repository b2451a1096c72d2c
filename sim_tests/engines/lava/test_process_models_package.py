"""Another project's package `process_models` before ours in Python's path is found out in one line, not in a search of Lava's."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
IMPORT = """
import sys
sys.path[:0] = {paths}
from lava_opzo.errors import UserError
try:
    import lava_opzo.engines.lava.engine
except UserError as error:
    print(error)
else:
    import process_models
    print("ours", process_models.__file__)
"""


def outcome(*paths):
    """What a Python says that looks into these folders first."""
    code = IMPORT.format(paths=[str(path) for path in paths])
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT.parent, timeout=120, text=True, capture_output=True, check=False)
    return done.stdout.strip() or done.stderr.strip()


@pytest.mark.parametrize("files", [{"__init__.py": ""}, {}, {"__init__.py": "", "opzo_lif/__init__.py": ""}],
                         ids=["a package", "a folder without __init__", "a copy of ours"])
def test_a_foreign_package_of_the_same_name_is_named_with_its_folder_and_the_one_that_is_needed(tmp_path, files):
    folder = tmp_path / "process_models"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    said = outcome(tmp_path, ROOT)
    if not files:  # a namespace package gives way to a real one
        assert said == f"ours {ROOT / 'process_models' / '__init__.py'}"
        return
    assert said.startswith(f"package process_models: Python found it in {folder}, lava-opzo needs {ROOT / 'process_models'};")
    assert len(said.splitlines()) == 1


def test_a_foreign_module_of_the_same_name_is_named_too(tmp_path):
    module = tmp_path / "process_models.py"
    module.write_text("")
    assert outcome(tmp_path, ROOT).startswith(f"package process_models: Python found it in {module}, lava-opzo needs")


def test_the_package_beside_lava_opzo_is_taken():
    assert outcome(ROOT) == f"ours {ROOT / 'process_models' / '__init__.py'}"


def test_a_package_that_lacks_a_folder_says_which(tmp_path):
    copy = tmp_path / "process_models"
    shutil.copytree(ROOT / "process_models", copy, ignore=shutil.ignore_patterns("opzo_dense", "__pycache__"))
    done = subprocess.run([sys.executable, "-c", "import process_models"], cwd=tmp_path, timeout=60, text=True,
                          capture_output=True, check=False, env={**os.environ, "PYTHONPATH": str(tmp_path)})
    assert f"process_models: opzo_dense is missing in {copy}; install lava-opzo again" in done.stderr
