"""Every tutorial runs to its end in a Jupyter kernel, cell by cell, and what it says of its numbers is so."""
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from scripts.py_percent import cells

ROOT = Path(__file__).parents[2]
TUTORIALS = ROOT / "tutorials"
SHOWN = {"convolution": "min(right.values()) > 0.8 and report.differing == 0",
         "first_network": "right > 0.85 and report.differing == 0",
         "first_wrong_bit": "str(first.place) == \"sample 0, step 2, population 'hidden2', variable v[7]\" "
                            "and by_hand == first.left == first.right + 1 "
                            "and report.verdict.startswith('fast differs from oracle and twin: look at ') "
                            "and mended.differing == 0",
         "notebook": "same and tested > 0.85 and longer.accuracy > result.accuracy",
         "other_tasks": "both > 0.8 and r2 > 0.95 and learner.accuracy > 0.8 and report.differing == 0",
         "own_data": "features_right > 0.8 and events_right > 0.9 and 'event' in refused",
         "own_neuron": "same and all(differ) and min(triangle_right, leaky_right) > 0.6",
         "read_a_run": "rising and result['warnings'] == [] and ill.accuracy < 0.2 and len(told) == 2",
         "streaming": "alone[0] < 0.5 < 0.8 < replay[0] and replay[1] > 0.7 and frozen",
         "towards_a_board": "same and obstacles == [] and mapping.fits and 'input axons' in refused"}
"""Tutorial -> what it says that its names hold at the end."""

WITHOUT_EXTRAS = """
import sys


class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"h5py", "nir", "optuna", "pandas", "submitit", "tensorboardX", "tonic", "torch"}:
            raise ModuleNotFoundError(f"{name} belongs to an extra", name=name)


sys.meta_path.insert(0, Absent())
"""
"""A first cell, after which nothing is there that `make run` does not install."""


def notebook(text: str) -> nbformat.NotebookNode:
    """The notebook that this text stands for: code and words in the cells that the site shows."""
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(cell) if is_words else nbformat.v4.new_code_cell(cell)
                                           for is_words, cell in cells(text)])


def test_each_tutorial_is_tested_and_has_cells():
    files = sorted(TUTORIALS.glob("*.py"))
    assert [file.stem for file in files] == sorted(SHOWN)
    assert all(file.read_text().startswith("# %% [markdown]\n# # ") for file in files)


@pytest.mark.parametrize("name", SHOWN)
def test_a_tutorial_runs_to_its_end_as_a_notebook_without_any_extra(name, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    book = notebook((TUTORIALS / f"{name}.py").read_text())
    book.cells.insert(0, nbformat.v4.new_code_cell(WITHOUT_EXTRAS))
    book.cells.append(nbformat.v4.new_code_cell(SHOWN[name]))
    NotebookClient(book, timeout=200, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    (shown,) = book.cells[-1].outputs
    assert shown.data["text/plain"] == "True"
