"""The plan of a deployment says what will run, in lines and for JSON."""
import json
from dataclasses import asdict

import pytest

from lava_opzo.deployment.environment import read
from lava_opzo.deployment.plan import plan
from lava_opzo.errors import UserError
from lava_opzo.experiment.presets import digits
from lava_opzo.silicon.boards import find


def test_a_plan_counts_synapses_and_steps_of_its_mode():
    made = plan(digits(), "simulator", "on-chip", find("oheo-gulch"), read({"PARTITION": "kp"}))
    assert made.synapses == 65 * 100 + 100 * 100 + 100 * 10 + 2 * 100 * 10
    assert made.steps_per_sample == digits().network.schedule().length == 26
    assert plan(digits(), "simulator", "in-the-loop", find("oheo-gulch"), read({})).steps_per_sample == 1 + 2 + 16 + 1
    assert json.loads(json.dumps(asdict(made)))["environment"] == {"PARTITION": "kp"}
    assert "network 65-100-100-10" in made.lines[1] and "PARTITION=kp" in made.lines[3]


def test_an_unknown_mode_is_one_line():
    with pytest.raises(UserError, match="mode 'offline' is not one of on-chip, in-the-loop"):
        plan(digits(), "simulator", "offline", find("oheo-gulch"), read({}))
