"""Every tutorial runs to its end, and what it says of its numbers is so."""
import runpy
from pathlib import Path

import pytest

TUTORIALS = Path(__file__).parents[2] / "tutorials"
SHOWN = {"convolution": lambda names: min(names["right"].values()) > 0.8 and names["report"].differing == 0,
         "first_network": lambda names: names["right"] > 0.85 and names["report"].differing == 0,
         "first_wrong_bit": lambda names: (str(names["first"].place) == "sample 0, step 2, population 'hidden2', variable v[7]"
                                           and names["by_hand"] == names["first"].left == names["first"].right + 1
                                           and names["report"].verdict.startswith("fast differs from oracle and twin: look at ")
                                           and names["mended"].differing == 0),
         "own_data": lambda names: names["features_right"] > 0.8 and names["events_right"] > 0.9 and "event" in names["refused"],
         "own_neuron": lambda names: (names["same"] and all(names["differ"])
                                      and min(names["triangle_right"], names["leaky_right"]) > 0.6),
         "read_a_run": lambda names: (names["rising"] and names["result"]["warnings"] == [] and names["ill"].accuracy < 0.2
                                      and len(names["told"]) == 2),
         "streaming": lambda names: (names["alone"][0] < 0.5 < 0.8 < names["replay"][0] and names["replay"][1] > 0.7
                                     and names["frozen"]),
         "towards_a_board": lambda names: (names["same"] and names["obstacles"] == [] and names["mapping"].fits
                                           and "input axons" in names["refused"])}
"""Tutorial -> what it says that its names hold at the end."""


def test_each_tutorial_is_tested_and_has_cells():
    files = sorted(TUTORIALS.glob("*.py"))
    assert [file.stem for file in files] == sorted(SHOWN)
    assert all(file.read_text().startswith("# %% [markdown]\n# # ") for file in files)


@pytest.mark.parametrize("name", SHOWN)
def test_a_tutorial_runs_to_its_end(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert SHOWN[name](runpy.run_path(str(TUTORIALS / f"{name}.py")))
