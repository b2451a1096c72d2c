"""Every file in examples/, and the program of docs/streaming.md, runs to its end as a user would start it and shows its point."""
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lava_opzo.network.state import carried

EXAMPLES = Path(__file__).parents[2] / "examples"
SHOWN = {"continual.py": "predicted right before they were learned", "own_graph.py": "weights of the hidden layer changed",
         "own_neuron.py": "TriangleLIF: ", "quick_start.py": "values differ"}
"""Example -> what its last line says; sim_tests/test_public_names.py runs quick_start.py and reads its figures."""


def test_each_example_is_tested():
    assert sorted(path.name for path in EXAMPLES.glob("*.py")) == sorted(SHOWN)


@pytest.mark.parametrize("name", [name for name in SHOWN if name != "quick_start.py"])
def test_an_example_runs_to_its_end(name, tmp_path):
    done = subprocess.run([sys.executable, EXAMPLES / name], cwd=tmp_path, timeout=240, text=True, capture_output=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    assert SHOWN[name] in done.stdout.splitlines()[-1]


def run_of_the_page(number):
    """What the program of that number in docs/streaming.md defines."""
    programs = re.findall(r"```python\n(.*?)```", (EXAMPLES.parent / "docs" / "streaming.md").read_text(), re.DOTALL)
    assert len(programs) == 2
    names = {}
    exec(programs[number], names)
    return names


def test_the_program_of_the_page_on_streams_learns_and_is_what_it_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = run_of_the_page(0)
    learner, again = names["learner"], names["again"]
    assert int(capsys.readouterr().out.split(" %")[0]) > 90
    assert learner.state.n_trained == again.state.n_trained == 401 and again.network.hidden[0].y_shift == 16


def test_the_program_of_the_stream_without_borders_answers_every_step_and_ends_at_rest(capsys):
    learner = run_of_the_page(1)["learner"]
    learning, further = (int(line.split(" %")[0]) for line in capsys.readouterr().out.splitlines())
    assert learning >= 88 and further >= 88 and learner.state.n_trained == 2000
    assert not any(learner.state[name].any() for name in carried(learner.network))
