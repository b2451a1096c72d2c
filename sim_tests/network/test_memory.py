"""A network whose weights this machine cannot hold is refused before any of them is made."""
import time
from dataclasses import replace

import pytest

from lava_opzo.errors import SystemRefusedError, UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.network import memory
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.runs.folder import RunFolder
from sim_tests.helpers.networks import small_network


def wide(n, layers=2):
    small = small_network(hidden=(14,) * layers)
    return changed(small, hidden=tuple(replace(layer, n=n) for layer in small.hidden), profile=small.profile)


def test_weights_beyond_the_memory_are_refused_with_bytes_needed_and_free(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 1 << 30)
    begun = time.monotonic()
    with pytest.raises(SystemRefusedError, match=r"network 9-100000-100000-4: its weights need 12\d{10} bytes of memory, "
                                                 "1073741824 are free; use fewer neurons"):
        initial_state(wide(100_000))
    assert time.monotonic() - begun < 1


def test_the_bytes_are_those_of_all_arrays(monkeypatch):
    network = small_network(hidden=(14, 11), n_in=9, n_out=4)
    values = sum(array.size for array in initial_state(network).arrays.values())
    monkeypatch.setattr(memory, "available", lambda: 12 * values)
    memory.check_memory(network)
    monkeypatch.setattr(memory, "available", lambda: 12 * values - 1)
    with pytest.raises(SystemRefusedError, match=f"need {12 * values} bytes"):
        memory.check_memory(network)


def test_no_folder_is_made_for_it(monkeypatch, tmp_path):
    monkeypatch.setattr(memory, "available", lambda: 1 << 30)
    with pytest.raises(SystemRefusedError, match="use fewer neurons"):
        RunFolder.create(tmp_path / "run", Experiment(Data(), wide(100_000), Training()))
    assert not (tmp_path / "run").exists()


def test_very_many_layers_are_refused_or_made_without_a_wait():
    begun = time.process_time()
    assert small_network(hidden=(1,) * 1000).depth == 1000
    with pytest.raises(UserError, match="time steps of a sample"):
        small_network(hidden=(1,) * 70_000)
    assert time.process_time() - begun < 10


@pytest.mark.parametrize("name", ["a\nb", "x" * 101, "\0"])
def test_a_name_that_cannot_be_printed_is_refused(name):
    small = small_network()
    with pytest.raises(UserError, match="cannot be printed") as error:
        changed(small, readout=replace(small.readout, name=name))
    assert "\n" not in str(error.value)
