"""Signals in a training: the first one asks it to save and end, the second one does what it does outside."""
import os
import signal

import pytest

from lava_opzo.cli.guards import ENDINGS, Ended, ended_by_signals
from lava_opzo.errors import INTERRUPTED, TERMINATED
from lava_opzo.runs.interrupt import stop_at_first_interrupt


@pytest.fixture(autouse=True)
def signals_as_before():
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def send(number):
    os.kill(os.getpid(), number)


@pytest.mark.parametrize(("first", "second", "code"), [
    (signal.SIGINT, signal.SIGINT, INTERRUPTED), (signal.SIGINT, signal.SIGTERM, TERMINATED),
    (signal.SIGTERM, signal.SIGTERM, TERMINATED)])
def test_in_a_command_the_second_signal_ends_it_with_the_line_of_that_signal(first, second, code):
    with pytest.raises(Ended) as ended, ended_by_signals(), stop_at_first_interrupt() as asked:
        assert not asked()
        send(first)
        assert asked()
        send(second)
    assert ENDINGS[ended.value.args[0]][0] == code


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_in_a_program_of_ones_own_the_second_signal_interrupts(second):
    before = signal.getsignal(second)
    with pytest.raises(KeyboardInterrupt), stop_at_first_interrupt():
        send(signal.SIGINT)
        send(second)
    assert signal.getsignal(second) == before
