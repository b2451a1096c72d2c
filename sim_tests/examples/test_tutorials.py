"""Every tutorial runs to its end, and what it says of its numbers is so."""
import runpy
from pathlib import Path

import pytest

TUTORIALS = Path(__file__).parents[2] / "tutorials"
SHOWN = {"first_network": lambda names: names["right"] > 0.85 and names["report"].differing == 0,
         "own_data": lambda names: names["features_right"] > 0.8 and names["events_right"] > 0.9 and "event" in names["refused"]}


def test_each_tutorial_is_tested_and_has_cells():
    files = sorted(TUTORIALS.glob("*.py"))
    assert [file.stem for file in files] == sorted(SHOWN)
    assert all(file.read_text().startswith("# %% [markdown]\n# # ") for file in files)


@pytest.mark.parametrize("name", SHOWN)
def test_a_tutorial_runs_to_its_end(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert SHOWN[name](runpy.run_path(str(TUTORIALS / f"{name}.py")))
