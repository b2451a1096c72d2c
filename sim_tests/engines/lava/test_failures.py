"""What a process of Lava's raised is one line that names its place; the traceback is in the details."""
import re
from types import SimpleNamespace

import pytest

from lava_opzo.engines.lava.engine import FastLavaEngine
from lava_opzo.engines.lava.failures import Failure, as_error, failures
from lava_opzo.errors import SimulationError
from lava_opzo.network.initial import initial_state
from process_models.opzo_lif.models import PyOpzoLIFModelFixed
from sim_tests.helpers.networks import random_samples, small_network


def test_a_process_that_said_why_it_failed_is_named_before_those_that_only_ended():
    found = [Failure("process 7 died"), Failure("ZeroDivisionError: why", "Traceback"), Failure("process 8 died")]
    assert str(as_error(found)).startswith("a Lava process failed: ZeroDivisionError: why (and 2 more);")


class EndsWhileAsked:
    """A process of Lava's that raises and ends between the first two questions that it is asked, whichever they are."""

    pid, exitcode, _is_done, asked = 7, 0, False, 0

    def answer(self, before, after):
        self.asked += 1
        return after if self.asked > 1 else before

    def is_alive(self):
        return self.answer(True, False)

    @property
    def exception(self):
        return self.answer(None, (ZeroDivisionError("why"), ""))


def test_a_process_that_raises_and_ends_while_it_is_asked_is_never_taken_for_one_that_did_not_say_why(monkeypatch):
    monkeypatch.setattr("lava_opzo.engines.lava.memory.is_alive", lambda manager: True)
    runtime = SimpleNamespace(_messaging_infrastructure=SimpleNamespace(actors=[EndsWhileAsked()], _smm=None))
    assert failures(runtime) == [Failure("ZeroDivisionError: why")]


def test_a_failure_is_one_line_with_its_place_and_the_traceback_is_in_the_details(monkeypatch):
    def failing(self, *arguments):
        raise ZeroDivisionError("first line\nsecond line")

    monkeypatch.setattr(PyOpzoLIFModelFixed, "run_step", failing)
    network = small_network()
    with FastLavaEngine(network, initial_state(network), timeout=20) as engine, pytest.raises(SimulationError) as error:
        engine.train(*random_samples(network, 3))
    assert re.match(r"a Lava process failed: ZeroDivisionError: first line \(test_failures.py, line \d+, in failing\)",
                    str(error.value)) and len(str(error.value).splitlines()) == 1
    assert error.value.details.startswith("Traceback") and "second line" in error.value.details


def test_a_model_that_cannot_be_built_is_one_line_and_its_traceback_in_the_details(monkeypatch):
    def failing(self, parameters):
        raise ZeroDivisionError("first line\nsecond line")

    monkeypatch.setattr(PyOpzoLIFModelFixed, "__init__", failing)
    network = small_network()
    with pytest.raises(SimulationError) as error:
        FastLavaEngine(network, initial_state(network), timeout=20)
    assert re.search(r": ZeroDivisionError: first line \(test_failures.py, line \d+, in failing\)", str(error.value))
    assert len(str(error.value).splitlines()) == 1 and "second line" in error.value.details
