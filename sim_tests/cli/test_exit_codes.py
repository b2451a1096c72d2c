"""Whatever a command does, it ends in one line, a documented exit code and, with --json, exactly one line of JSON."""
import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from lava_opzo.cli.app import run
from lava_opzo.cli.output import answer
from lava_opzo.errors import (
    CRASHED,
    EXIT_CODES,
    INTERRUPTED,
    TERMINATED,
    DoesNotFitError,
    NoBoardError,
    SimulationError,
    SystemRefusedError,
    UserError,
)
from sim_tests.helpers.commands import MODULE, ROOT, called, command

ENDINGS = {
    "user": (lambda: UserError("x 3: too large; lower it"), 2, "error: x 3: too large; lower it"),
    "no board": (lambda: NoBoardError("none here; install it"), 3, "error: none here"),
    "simulation": (lambda: SimulationError("a process died"), 4, "error: a process died"),
    "does not fit": (lambda: DoesNotFitError("too wide"), 5, "error: too wide"),
    "refused": (lambda: SystemRefusedError("no more"), 6, "error: no more"),
    "full disk": (lambda: OSError(errno.ENOSPC, "No space left on device", "a/b"), 6,
                  "error: a/b: No space left on device; free space"),
    "no right": (lambda: PermissionError(errno.EACCES, "Permission denied", "a/b"), 2, "error: a/b: Permission denied; change"),
    "no memory": (lambda: MemoryError(), 6, "error: the job: there is not enough memory; free memory"),
    "own fault": (lambda: ZeroDivisionError("a\nb"), CRASHED, "error: unexpected ZeroDivisionError: a b in test_exit_codes.py:"),
}
"""What a command raises -> exit code and the beginning of its line."""


def ended(act, *arguments):
    """A command line of one command, which does this."""
    app = typer.Typer(pretty_exceptions_enable=False)

    @app.command()
    def do(as_json: bool = typer.Option(False, "--json")) -> None:
        act()

    return called(*arguments, main=lambda: run(lambda: app))


def raising(make):
    def act():
        answer({"so far": 1})
        raise make()

    return act


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_fault_is_one_line_with_its_exit_code(ending, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    make, code, line = ENDINGS[ending]
    finished = ended(raising(make))
    assert (finished.code, finished.output) == (code, "") and code in EXIT_CODES
    assert finished.errors.startswith(line) and finished.errors.count("\n") == 1, finished.errors


@pytest.mark.parametrize("ending", ENDINGS)
def test_with_json_every_fault_is_one_line_of_json_beside_what_was_answered(ending, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    make, code, line = ENDINGS[ending]
    finished = ended(raising(make), "--json")
    found = json.loads(finished.output)
    assert finished.output.count("\n") == 1 and found["so far"] == 1 and found["code"] == finished.code == code
    assert f"error: {found['error']}".startswith(line)


def test_with_json_what_is_printed_goes_to_standard_error_and_no_number_breaks_the_json():
    def act():
        print("for a person", flush=True)
        os.system("echo from another process")
        answer({"accuracy": float("nan"), "path": Path("a"), 3: (1, 2)})

    finished = ended(act, "--json")
    assert json.loads(finished.output) == {"accuracy": None, "path": "a", "3": [1, 2]}
    assert finished.errors == "for a person\nfrom another process\n" and finished.code == 0


def test_a_fault_of_the_program_leaves_a_report_with_the_traceback(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    finished = ended(raising(lambda: KeyError("weights")))
    (report,) = tmp_path.iterdir()
    assert str(report) in finished.errors and "KeyError: 'weights'" in report.read_text() and "lava-nc" in report.read_text()


def test_the_details_of_a_failed_simulation_go_into_a_report(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    finished = ended(raising(lambda: SimulationError("a process died", "Traceback of it")))
    (report,) = tmp_path.iterdir()
    assert finished.code == 4 and str(report) in finished.errors and "Traceback of it" in report.read_text()


def test_a_warning_of_ours_is_one_line():
    code = ("import typer, warnings; from lava_opzo.cli.app import run; from lava_opzo.errors import FileWarning;"
            "app = typer.Typer(); app.command()(lambda: warnings.warn('lines 3 are damaged', FileWarning)); run(lambda: app)")
    assert command(script=("-c", code)) == (0, "", "warning: lines 3 are damaged\n")


@pytest.mark.parametrize("arguments, words", [
    ((), "no command was given"), (("fly",), "No such command 'fly'"), (("train", "--wings"), "No such option: --wings"),
    (("train", "--epochs", "x"), "'--epochs'"), (("compare",), "Missing argument 'runs'"),
], ids=str)
def test_a_command_line_that_cannot_be_read_is_one_line(arguments, words):
    finished = called(*arguments)
    assert finished.code == 2 and words in finished.errors and finished.errors.count("\n") == 1
    assert finished.errors.startswith("error: ") and "--help" in finished.errors


@pytest.mark.parametrize("arguments, words", [
    (("train", "--config", "a.toml", "--hidden", "3"), "--config leaves --hidden without effect"),
    (("train", "--config", "a.toml", "--dataset", "mnist"), "--config leaves --dataset without effect"),
    (("preflight", "--limits", "--board", "vpx16"), "--limits leaves --board without effect"),
    (("deploy", "--from", "compare", "--mode", "in-the-loop"), "--from compare leaves --mode without effect"),
    (("deploy", "--until", "map", "--out", "x"), "--until map leaves --out without effect"),
    (("deploy", "--mode", "on-chip", "--engine", "in-the-loop"), "contradict each other"),
    (("deploy", "--mode", "in-the-loop", "--engine", "twin"), "in-the-loop leaves --engine without effect"),
    (("deploy", "--mode", "in-the-loop", "--plugin", "OpzoLIF=a.B"), "in-the-loop leaves --plugin without effect"),
    (("deploy", "--from", "run", "--board", "pohoiki"), "board 'pohoiki' is unknown"),
], ids=lambda value: value if isinstance(value, str) else " ".join(value))
def test_an_option_without_effect_is_refused(arguments, words):
    finished = called(*arguments)
    assert finished.code == 2 and words in finished.errors and finished.errors.count("\n") == 1


def test_a_name_with_a_line_break_stays_in_one_line():
    finished = called("plot", "a\nb")
    assert finished.code == 2 and "a\\nb" in finished.errors and finished.errors.count("\n") == 1


def test_limits_are_printed_as_json():
    limits = json.loads(called("preflight", "--limits", "--json").output)["limits"]
    assert limits["trace"] == {"value": 127, "unit": "trace units", "source": limits["trace"]["source"], "verified": True}


def shell(line):
    program = " ".join((sys.executable, *MODULE))
    return subprocess.run(["bash", "-c", f"set -o pipefail; {line.format(program)}"], cwd=ROOT, capture_output=True, text=True,
                          timeout=60)


@pytest.mark.parametrize("line", ["{} preflight --limits | head -1", "{} preflight --limits >&-", "{} preflight --limits 2>&-",
                                  "{} preflight --limits >&- 2>&-", "COLUMNS=1 {} preflight --limits",
                                  "COLUMNS=abc LANG=C PYTHONIOENCODING=ascii TERM=dumb {} preflight --limits"])
def test_no_stream_and_no_environment_breaks_a_command(line):
    finished = shell(line)
    assert finished.returncode == 0 and finished.stderr == "", finished.stderr


def test_too_small_an_address_space_is_one_line():
    finished = shell("ulimit -v 800000; {} preflight --limits")
    assert finished.returncode == 6 and finished.stderr.startswith("error: the address space") and "ulimit -v" in finished.stderr


def test_an_answer_that_cannot_be_written_is_an_error():
    for options in ("", " --json"):
        finished = shell("{} preflight --limits" + options + " > /dev/full")
        assert finished.returncode == 6 and finished.stderr.splitlines()[-1].startswith("error: standard output")


@pytest.mark.parametrize("number, code, line", [(signal.SIGTERM, TERMINATED, "error: ended by SIGTERM\n"),
                                                (signal.SIGINT, INTERRUPTED, "error: interrupted\n")])
def test_a_signal_ends_a_command_in_one_line(number, code, line):
    assert ended(lambda: os.kill(os.getpid(), number)) == (code, "", line)


def test_every_exit_code_is_in_the_page_on_reliability():
    page = (ROOT / "docs" / "reliability.md").read_text()
    for code, meaning in EXIT_CODES.items():
        assert f"| {code} | {meaning} |" in page


def test_help_ends_with_0():
    assert command("--help").code == 0
