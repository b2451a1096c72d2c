"""Every block of README, CONTRIBUTING and docs that a user can type runs here or elsewhere, or is listed with why it does not."""
import ast
import importlib.util
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
import tomli

from lava_opzo.cli.app import USAGE
from sim_tests.helpers.documented import ROOT, TEXTS, TUTORIALS, blocks, shell_lines, spans, taken, unknown
from sim_tests.helpers.networks import random_samples, small_network

LANGUAGES = {"sh", "python", "toml", ""}
"""Of blocks; one without is a formula, a drawing or what a command printed."""

COMMAND = re.compile(r"\s*(\$ )?(lava-opzo|make|python[\d.]*|pip|export|unset|conda|git|bash|\S*\.venv/bin/\S+) [-\w.'\"]")

ELSEWHERE = {
    "streaming.md": "sim_tests/examples/test_examples.py",
    "neuron_programs.md": "sim_tests/process_models/test_neuron_programs.py",
}
"""Page -> the test that runs its Python blocks and looks at what they do."""

HERE = ["python -c \"from lava.utils import loihi; print(loihi.is_installed())\""]
"""Shell lines that run here; sim_tests/cli/test_runbook.py runs those for a board, which end with exit code 3 in no time."""

WHY_NOT = {
    r"make run$": "4 minutes; sim_tests/cli/test_deploy.py runs its command with few samples",
    r"make test$": "this suite",
    r"make lint$": "CI runs it before this suite",
    r"\.venv/bin/pre-commit install$": "changes the checkout; the hooks are those of make lint",
    r"python -m scripts\.draw_architecture$": "writes into the checkout; sim_tests/test_import_directions.py asks what is stale",
    r"python -c \"import torchvision; ": "downloads",
    r"python -c \"import tonic; ": "downloads",
    r"python3\.10 -m venv ": "makes an environment; sim_tests/test_wheel.py builds and installs the package",
    r"pip install -e \. ": "makes an environment, as the line before",
    r"(unset PARTITION && )?export [A-Z_]+=": "variables of a board; sim_tests/deployment/test_environment.py reads them",
    r"lava-opzo .*--target loihi2": "needs a board; sim_tests/cli/test_runbook.py runs them up to the line that says so",
    r"lava-opzo paper ": "minutes; sim_tests/paper/test_run.py runs the command with few samples",
    r"lava-opzo verify ": "seconds to minutes in Lava; sim_tests/verification and sim_tests/cli/test_targets.py run the command",
    r"lava-opzo acceptance$": "half a minute in Lava; sim_tests/board/test_acceptance.py runs the command",
    r"lava-opzo replay ": "seconds in Lava; sim_tests/verification/test_golden.py replays these vectors",
    r"lava-opzo sweep .*--slurm": "needs a cluster; sim_tests/sweep/test_slurm.py runs it on one of this machine",
    r"apt-get install slurm-wlm munge$": "changes the machine; a workflow runs it before the suite",
    r"python -m pytest sim_tests/sweep/test_slurm\.py$": "part of this suite",
    r"(docker|apptainer) build ": "needs a container engine; sim_tests/deployment/test_container.py runs the recipes' steps",
    r"sbatch .*apptainer run ": "needs a cluster and an image; sim_tests/sweep/test_sweep.py runs sweeps in several processes",
    r"lava-opzo tune ": "minutes; sim_tests/tune runs the command with few trials",
    r"lava-opzo train ": "minutes; sim_tests/cli/test_commands.py runs the command with few samples",
}
"""Shell lines that do not run here, and why. Their words are checked all the same: options, modules, targets, packages."""

PAGES = pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.name)
LINES = sorted({line for page in TEXTS for line in shell_lines(page)})


@PAGES
def test_every_block_says_what_it_is_and_no_command_hides_in_one_that_does_not(page):
    for block in blocks(page):
        assert block.language in LANGUAGES, f"{page.name}:{block.line}"
        if block.language == "":
            hidden = [line for line in block.text.splitlines() if COMMAND.match(line)]
            assert hidden == [], f"{page.name}:{block.line}: label the block sh, or text that only looks like it otherwise"


@PAGES
def test_python_blocks_run_in_their_order_and_tables_are_toml(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = prepared() if page.name == "README.md" else {}
    for block in blocks(page):
        where = f"{page.name}:{block.line}"
        if block.language == "toml":
            assert tomli.loads(block.text), where
        elif block.language == "python":
            code = compile(block.text, where, "exec")
            if page.name not in ELSEWHERE:
                exec(code, names)


def prepared() -> dict:
    """What the block of the README takes for granted: samples of its network."""
    frames, labels = random_samples(small_network(n_in=65, n_out=10), 6)
    return {"frames": frames, "labels": labels, "test_frames": frames[:2], "np": np}


@pytest.mark.parametrize(("page", "test"), ELSEWHERE.items())
def test_what_runs_elsewhere_runs_there(page, test):
    assert page in (ROOT / test).read_text() and any(block.language == "python" for block in blocks(ROOT / "docs" / page))


@pytest.mark.parametrize("line", LINES)
def test_every_shell_line_is_taken_and_runs_or_says_why_not(line):
    reasons = [pattern for pattern in WHY_NOT if re.match(pattern, line)]
    assert line in HERE or reasons, "add the line to HERE, or to WHY_NOT with its reason"
    for part in line.split(" && "):
        check(shlex.split(part))
    if line in HERE:
        exec(shlex.split(line)[2], {})


def test_no_reason_is_left_of_a_line_that_is_gone():
    assert [pattern for pattern in WHY_NOT if not any(re.match(pattern, line) for line in LINES)] == []
    assert set(HERE) <= set(LINES)


def check(words: list[str]) -> None:
    """Raise where a command names an option, a module, a target, a file or an extra that there is not."""
    first, rest = words[0], words[1:]
    if first == "lava-opzo":
        taken(rest)
    elif first == "make":
        assert f"\n{rest[0]}:" in (ROOT / "Makefile").read_text()
    elif first.startswith("python") and rest[0] == "-c":
        for node in ast.walk(ast.parse(rest[1])):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                module = node.names[0].name if isinstance(node, ast.Import) else node.module
                assert module and importlib.util.find_spec(module)
    elif first.startswith("python") and rest[0] == "-m":
        assert importlib.util.find_spec(rest[1])
    elif first in ("docker", "apptainer"):
        assert all((ROOT / word).is_file() for word in rest if word.startswith("deploy/"))
    elif first == "sbatch":
        taken(shlex.split(rest[-1])[3:])
    elif first == "pip":
        assert not (extras := re.findall(r"\[(.*?)\]", " ".join(rest))) or set(extras[0].split(",")) <= EXTRAS
    elif first.startswith(".venv/bin/"):
        assert Path(first).name in " ".join(EXTRAS_OF["lint"])
    else:
        assert first in ("apt-get", "export", "unset", "."), words


EXTRAS_OF = tomli.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
EXTRAS = set(EXTRAS_OF)


@pytest.mark.parametrize("page", [*TEXTS, *TUTORIALS], ids=lambda page: page.name)
def test_commands_in_the_running_text_exist_with_their_options(page):
    lost = []
    for span in spans(page):
        if span.startswith("lava-opzo "):
            lost += [(span, word) for word in unknown(span)]
        elif re.match(r"(make|python|pip) \S", span):
            try:
                check(shlex.split(span)) if not span.startswith("python ") or span.split()[1] in ("-m", "-c") else None
            except (AssertionError, ValueError) as error:
                lost.append((span, repr(error)))
            lost += [(span, "no file") for file in re.findall(r"^python (\S+\.py)", span) if not (ROOT / file).is_file()]
    assert lost == []


def test_a_wrong_option_command_module_target_or_extra_is_noticed():
    assert unknown("lava-opzo train --epoch 3") == ["--epoch"] and unknown("lava-opzo trian") == ["trian"]
    assert unknown("lava-opzo preflight [SOURCE] --board B") == [] and unknown("lava-opzo --versoin") == ["--versoin"]
    for wrong in ("lava-opzo verify --sample 5", "make nothing", "python -m benchmarks.nothing",
                  "python -c 'import no_such_thing'", "pip install 'lava-opzo[nothing]'", "rm -r runs"):
        with pytest.raises((AssertionError, USAGE, ModuleNotFoundError)):
            check(shlex.split(wrong))
