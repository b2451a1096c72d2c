"""What the sweep makes of squeue's answers, from a stand-in that gives one after the other; no SLURM is needed."""
import pytest

from lava_opzo.errors import UserError
from lava_opzo.sweep import queue
from lava_opzo.sweep.queue import ENDED, FORGOTTEN, Queue


@pytest.fixture
def answers(tmp_path, monkeypatch):
    """Gives squeue its next answer: what it prints, what it complains of, and its exit code."""
    def give(output="", complaint="", code=0):
        (tmp_path / "squeue").write_text(f"#!/bin/sh\nprintf '%s ' \"$@\" > {tmp_path}/asked\ncat <<'E'\n{output}\nE\n"
                                         f"echo '{complaint}' >&2\nexit {code}\n")
        (tmp_path / "squeue").chmod(0o755)
        return tmp_path / "asked"

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return give


class Clock:
    """Seconds that a test moves on."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_one_question_is_asked_for_a_whole_array_and_a_job_that_is_not_named_is_forgotten(answers):
    asked = answers("7_0|RUNNING\n7_2|PENDING\n")
    assert queue.ask(["7_0", "7_1", "7_2"]) == {"7_0": "RUNNING", "7_1": FORGOTTEN, "7_2": "PENDING"}
    assert "--jobs=7 " in asked.read_text() and "--states=all " in asked.read_text()


def test_an_array_that_slurm_no_longer_knows_is_forgotten_and_no_error(answers):
    answers("", "slurm_load_jobs error: Invalid job id specified", 1)
    assert queue.ask(["7"]) == {"7": FORGOTTEN}


@pytest.mark.parametrize("state", [*ENDED, FORGOTTEN])
def test_a_job_has_ended_when_slurm_says_so_twice(answers, state):
    answers("" if state == FORGOTTEN else f"7_0|{state}\n7_1|RUNNING")
    asking = Queue(clock := Clock())
    assert asking.ended(["7_0"]) == {}
    clock.now += queue.FIRST_SECONDS
    assert asking.ended(["7_0"]) == {"7_0": state} and queue.in_words(state)


def test_a_job_that_waits_runs_or_is_queued_again_goes_on(answers):
    asking = Queue(clock := Clock())
    for state in ("PENDING", "CONFIGURING", "RUNNING", "COMPLETING", "SUSPENDED", "REQUEUED", "REQUEUE_HOLD", "TIMEOUT",
                  "PENDING", "TIMEOUT"):
        answers(f"7_0|{state}")
        assert asking.ended(["7_0"]) == {}
        clock.now += queue.LAST_SECONDS


def test_slurm_is_asked_more_and_more_seldom(answers):
    answers("7_0|RUNNING")
    asking, times = Queue(clock := Clock()), []
    asked = answers("7_0|RUNNING")
    for second in range(100):
        clock.now = float(second)
        asking.ended(["7_0"])
        if asked.exists():
            times.append(second)
            asked.unlink()
    assert times == [0, 2, 6, 14, 30, 60, 90]


def test_a_controller_that_does_not_answer_is_one_line_that_says_the_jobs_go_on(answers, monkeypatch):
    answers("", "slurm_load_jobs error: Unable to contact slurm controller (connect failure)", 1)
    with pytest.raises(UserError, match="Unable to contact slurm controller.*they go on: collect them with the same command"):
        queue.ask(["7_0"])
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UserError, match="squeue"):
        queue.ask(["7_0"])
