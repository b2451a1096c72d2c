"""Every file in examples/ runs to its end as a user would start it, and shows what it is for."""
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
SHOWN = {"own_graph.py": "weights of the hidden layer changed", "own_neuron.py": "TriangleLIF: ",
         "quick_start.py": "values differ"}
"""Example -> what its last line says; sim_tests/test_public_names.py runs quick_start.py and reads its figures."""


def test_each_example_is_tested():
    assert sorted(path.name for path in EXAMPLES.glob("*.py")) == sorted(SHOWN)


@pytest.mark.parametrize("name", [name for name in SHOWN if name != "quick_start.py"])
def test_an_example_runs_to_its_end(name, tmp_path):
    done = subprocess.run([sys.executable, EXAMPLES / name], cwd=tmp_path, timeout=240, text=True, capture_output=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    assert SHOWN[name] in done.stdout.splitlines()[-1]
