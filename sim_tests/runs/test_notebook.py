"""Training in a notebook: a kernel runs cells as Jupyter does, in its main thread and in another one."""
from pathlib import Path

import IPython.display
import nbformat
import pytest
from nbclient import NotebookClient

from lava_opzo.runs import notebook
from lava_opzo.runs.card import card
from lava_opzo.runs.folder import RunFolder
from lava_opzo.runs.notebook import REDRAW_SECONDS, CellOutput

ROOT = Path(__file__).parents[2]

CELLS = (
    """
from lava_opzo import load_run, train
from lava_opzo.runs.card import card
from lava_opzo.runs.folder import RunFolder
from sim_tests.helpers.networks import random_samples, small_network
network = small_network()
frames, labels = random_samples(network, 40)
""",
    "result = train(network, frames, labels, epochs=3, out='run')",
    """
import threading
learning = threading.Thread(target=train, args=(network, frames, labels), kwargs={"progress": True})
learning.start()
learning.join()
""",
    "train(network, frames, labels, progress=False);",
    "load_run('run')",
)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What each cell of CELLS leaves below it."""
    folder, patch = tmp_path_factory.mktemp("notebook"), pytest.MonkeyPatch()
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    with patch.context() as context:
        context.setenv("PYTHONPATH", str(ROOT))
        context.setenv("PYTHONWARNINGS", "ignore")
        context.setenv("NUMBA_DISABLE_JIT", "1")  # few samples: compiling would take longer
        NotebookClient(book, timeout=200, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    return [cell.outputs for cell in book.cells]


def test_a_cell_that_trains_has_one_output_which_ends_at_the_last_sample(outputs):
    (shown,) = outputs[1]
    assert shown.output_type == "display_data" and "<progress value='120' max='120'>" in shown.data["text/html"]
    assert shown.data["text/plain"].startswith("learning 120/120, ") and "epoch 3: " in shown.data["text/plain"]


def test_so_has_a_cell_whose_thread_trains(outputs):
    (shown,) = outputs[2]
    assert "<progress value='40' max='40'>" in shown.data["text/html"]


def test_what_is_asked_to_be_silent_is_silent(outputs):
    assert outputs[0] == outputs[3] == []


def test_a_run_as_the_value_of_a_cell_is_a_small_table(outputs):
    (shown,) = outputs[4]
    assert "run folder run" in shown.data["text/html"] and "120</td>" in shown.data["text/html"]


def test_the_output_is_replaced_a_few_times_a_second_and_at_the_end(monkeypatch):
    drawn, now = [], [0.0]

    class Handle:
        def update(self, content, raw):
            drawn.append(content["text/plain"])

    def display(content, raw, display_id):
        drawn.append(content["text/plain"])
        return Handle()

    monkeypatch.setattr(IPython.display, "display", display)
    cell = CellOutput(lambda: now[0])
    cell.draw()
    for done in range(1, 9):
        cell.show(done, 8, "a < b")
        now[0] += REDRAW_SECONDS / 2
    cell.note("epoch 1/1")
    assert [line.split(",")[0] for line in drawn] == [f"learning {done}/8" for done in (1, 3, 5, 7, 8, 8)]
    assert drawn[-1] == "learning 8/8, a < b\nepoch 1/1" and "a &lt; b" in cell._html()


def test_this_process_is_no_notebook():
    assert not notebook.running_in_one()


def test_the_table_of_a_run_says_what_was_measured_and_holds_its_picture(tmp_path):
    record = {"kind": "epoch", "epoch": 1, "n_trained": 8000, "train_accuracy": 0.25, "test_accuracy": None}
    without = card("run folder <a>", [record], "validation", tmp_path / "run.png")
    assert "8,000" in without and "25.00 %" in without and "run folder &lt;a&gt;" in without and "<img" not in without
    (tmp_path / "run.png").write_bytes(b"PNG")
    shown = card("run", [{**record, "test_accuracy": 0.5}], "validation", tmp_path / "run.png")
    assert "right of the validation samples</td><td>50.00 %" in shown and "data:image/png;base64,UE5H" in shown


def test_a_folder_without_a_run_says_so(tmp_path):
    assert "config.toml" in RunFolder(tmp_path)._repr_html_()
