"""A knob changes what it says and nothing else; no knob turned is the experiment itself."""
from dataclasses import replace

import pytest

from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.experiment.presets import PRESETS
from lava_opzo.network.form import changed
from lava_opzo.runs.changes import differing
from lava_opzo.tune.space import knobs, turned
from sim_tests.helpers.networks import small_network

BASE = Experiment(Data(), small_network(halve_every=30, max_halvings=2), Training(4))


def moved(steps, base=BASE):
    """Dotted name -> (before, after) of what the knobs changed."""
    return {name: (old, new) for name, old, new in differing(base, turned(base, 100, steps))}


@pytest.mark.parametrize("experiment", [BASE, *(make() for make in PRESETS.values())], ids=["small", *PRESETS])
def test_nothing_turned_is_the_experiment_itself(experiment):
    names = [knob.name for knob in knobs(experiment.network)]
    assert len(set(names)) == len(names) and turned(experiment, 100, dict.fromkeys(names, 0)) == experiment


@pytest.mark.parametrize("steps, expected", [
    ({"first.rate": 2}, {"network.hidden.1.y_shift": (9, 7)}), ({"upper.rate": -1}, {"network.hidden.2.y_shift": (9, 10)}),
    ({"readout.rate": 1}, {"network.readout.y_shift": (4, 3)}), ({"error": 1}, {"network.readout.error_shift": (3, 4)}),
    ({"difference": -1}, {"network.readout.d_shift": (4, 3)}), ({"readout.counts": 1}, {"network.x_shift.3": (2, 3)}),
    ({"first.counts": -1}, {"network.x_shift.1": (7, 6)}), ({"upper.counts": 1}, {"network.x_shift.2": (2, 3)}),
    ({"gate": 2}, {"network.hidden.1.psi_width": (500, 707), "network.hidden.2.psi_width": (90, 127)}),
    ({"noise": -2}, {"network.hidden.1.bias_mant": (50, 35), "network.hidden.2.bias_mant": (8, 6)}),
    ({"first.threshold": 2}, {"network.hidden.1.vth": (900, 1273), "network.hidden.1.psi_width": (500, 707),
                              "network.hidden.1.bias_mant": (50, 71)}),
    ({"decay": 1}, {"network.learning.credit.decay_period": (4, 8)}),
    ({"decay": -1}, {"network.learning.credit.decay_period": (4, 2)}),
    ({"halvings": 1}, {"network.learning.max_halvings": (2, 3), "network.learning.halve_every": (30, 100)}),
    ({"halvings": -1}, {"network.learning.max_halvings": (2, 1), "network.learning.halve_every": (30, 200)})],
    ids=lambda value: "" if len(str(value)) > 40 else str(value))
def test_a_knob_changes_what_it_says(steps, expected):
    assert moved(steps) == expected


def test_sigma_takes_the_threshold_with_it():
    found = moved({"upper.sigma": -2})
    assert found.pop("network.sigma.2") == (40.0, pytest.approx(40 / 2 ** 0.5))
    assert set(found) == {f"network.hidden.2.{name}" for name in ("vth", "psi_width", "bias_mant")}


def test_what_is_frozen_or_does_not_learn_has_no_knobs_and_stays():
    hidden = tuple(replace(layer, frozen=True) for layer in BASE.network.hidden[:1]) + BASE.network.hidden[1:]
    still = replace(BASE, network=changed(BASE.network, hidden=hidden))
    names = {knob.name for knob in knobs(still.network)}
    assert not any(name.startswith("first.") for name in names) and "upper.rate" in names
    assert not any(name.startswith(("network.hidden.1", "network.sigma.1")) for name in moved(dict.fromkeys(names, 1), still))
    assert {"difference", "decay"}.isdisjoint(knob.name for knob in knobs(small_network(credit="dfa")))
    assert "decay" not in {knob.name for knob in knobs(small_network(decay_period=0))}


def test_settings_that_leave_their_ranges_are_refused():
    with pytest.raises(UserError, match="y_shift -"):
        turned(BASE, 100, {"readout.rate": 5})
    with pytest.raises(UserError, match="decay_period of 1 cannot be halved"):
        turned(replace(BASE, network=small_network(decay_period=1)), 100, {"decay": -1})
