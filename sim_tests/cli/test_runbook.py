"""Every command of docs/runbook.md is one that is taken, and those for a board say in one line that there is none here."""
import re
import shlex
from pathlib import Path

import pytest

from lava_opzo.board.acceptance.checks import CHECKS
from lava_opzo.deployment.environment import VARIABLES
from lava_opzo.engines.lava.plugins import REHEARSAL
from lava_opzo.engines.target import plugins_of
from sim_tests.helpers.commands import assert_one_line, called
from sim_tests.helpers.documented import shell_lines, taken

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "runbook.md").read_text()
LINES = shell_lines(ROOT / "docs" / "runbook.md")
OURS = [shlex.split(line)[1:] for line in LINES if line.startswith("lava-opzo ")]
ON_BOARD = [words for words in OURS if "loihi2" in words]


def test_every_command_of_the_runbook_is_taken_with_its_options():
    assert {words[0] for words in OURS} == {"verify", "deploy", "acceptance", "replay", "train", "board-report"}
    for words in OURS:
        taken(words)
    with pytest.raises(Exception, match="No such option"):
        taken(["verify", "--sample", "5"])


def test_every_other_line_is_python_pip_or_an_export_of_a_variable_that_is_read():
    others = [line for line in LINES if not line.startswith("lava-opzo ")]
    assert all(re.match(r"(python\S* -|pip install|(unset \w+ && )?export )", line) for line in others), others
    assert {name for line in others for name in re.findall(r"(?:unset |(?<= ))([A-Z_]+)\b(?==| &&)", line)} <= set(VARIABLES)


@pytest.mark.parametrize("words", ON_BOARD, ids=[f"{i} {words[0]}" for i, words in enumerate(ON_BOARD)])
def test_a_command_for_a_board_is_one_line_with_exit_code_3_where_there_is_none(words, monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    assert_one_line(called(*words), 3, "lava-loihi is not installed")


def test_the_rehearsal_names_the_simulators_own_models_and_the_vectors_are_there():
    plugins = [taken(words).get("plugin") for words in OURS if "loihi2" not in words]
    assert [plugins_of(found) for found in plugins if found] == [REHEARSAL]
    assert all((ROOT / words[1] / "manifest.json").is_file() for words in OURS if words[0] == "replay")


def test_steps_are_numbered_one_screen_each_and_the_number_of_checks_is_right():
    steps = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
    assert [step.split(".")[0] for step in steps] == [str(number) for number in range(1, len(steps) + 1)]
    assert max(len(step.splitlines()) for step in steps) <= 25
    assert len(CHECKS) + 1 == 12 and "Twelve checks" in PAGE
