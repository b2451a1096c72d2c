"""When engines disagree, the majority is told first, with the file, the function and the section to look at."""
from unittest import mock

import numpy as np
import pytest

from lava_opzo.arithmetic.fixed import membrane, quantiser
from lava_opzo.engines.oracle import quantiser as oracle_quantiser, sample
from lava_opzo.engines.record import shapes
from lava_opzo.engines.registry import recorder
from lava_opzo.network.initial import initial_state
from lava_opzo.verification.lockstep import verify
from lava_opzo.verification.majority import sides, verdict
from lava_opzo.verification.report import as_dict, lines
from sim_tests.helpers.commands import ROOT
from sim_tests.helpers.networks import random_samples, small_network


def cheap(name, network, state, rows):
    """The recorder of that name; a right oracle of its own in the place of the twin, which would have to be compiled."""
    return RightOracle(network, state, rows) if name == "twin" else recorder(name, network, state, rows)


class RightOracle:
    """An oracle that computes with the right difference while the module of the other one has a wrong one."""

    def __init__(self, network, state, rows):
        self._recorder, self.stop = recorder("oracle", network, state, rows), lambda: None

    def sample(self, frames, label):
        """As the oracle's."""
        with mock.patch.object(sample, "difference", oracle_quantiser.difference):
            return self._recorder.sample(frames, label)


@pytest.mark.parametrize(("values", "trusted", "clear", "line"), [
    ({"stock": 5, "fast": 5, "twin": 6, "oracle": 6}, "twin", True,
     "stock and fast differ from twin and oracle: look at lava_opzo/arithmetic/fixed/membrane.py integrate, "
     "lava_opzo/arithmetic/fixed/membrane.py fire, docs/arithmetic.md section 3"),
    ({"stock": 6, "fast": 6, "twin": 5, "oracle": 6}, "stock", True,
     "twin differs from stock, fast and oracle: "
     "look at lava_opzo/engines/twin/integers/forward.py, docs/arithmetic.md section 3"),
    ({"stock": 6, "fast": 6, "twin": 6, "oracle": 5}, "stock", True,
     "oracle differs from stock, fast and twin: look at lava_opzo/engines/oracle/sample.py, docs/arithmetic.md section 3"),
    ({"stock": 5, "fast": 5, "oracle": 6}, "stock", False,
     "oracle differs from stock and fast (no majority): look at lava_opzo/arithmetic/fixed/membrane.py integrate, "
     "lava_opzo/arithmetic/fixed/membrane.py fire, lava_opzo/engines/oracle/sample.py, docs/arithmetic.md section 3"),
    ({"golden": 6, "stock": 5, "fast": 5, "twin": 6}, "golden", True,
     "stock and fast differ from golden and twin: look at lava_opzo/arithmetic/fixed/membrane.py integrate, "
     "lava_opzo/arithmetic/fixed/membrane.py fire, docs/arithmetic.md section 3"),
], ids=["Lava", "twin", "oracle", "one against one", "golden"])
def test_engines_that_share_process_models_count_once(values, trusted, clear, line):
    found = sides(values)
    assert (found.trusted, found.is_clear) == (trusted, clear) and verdict(found, "v", is_readout=False) == line


def test_every_recorded_variable_has_a_place_to_look_at_in_every_family():
    network = small_network()
    for part, variables in shapes(network).items():
        for name in variables:
            for wrong in ("fast", "twin", "oracle"):
                line = verdict(sides({one: int(one == wrong) for one in ("fast", "twin", "oracle")}), name, part == "readout")
                files = [word for word in line.replace(",", "").split() if word.endswith((".py", ".md"))]
                assert len(files) >= 2 and all((ROOT / file).is_file() for file in files), line


def test_a_reference_that_the_majority_contradicts_is_not_the_one_whose_operands_are_printed(monkeypatch):
    right = membrane.integrate
    monkeypatch.setattr(membrane, "integrate", lambda v, a, dv, bias: right(v, a, dv, bias) + 1)
    network = small_network(hidden=(8, 6))
    frames, labels = random_samples(network, 1)
    report = verify(network, initial_state(network), frames, labels, ("fast", "oracle", "twin"), make=cheap)
    first, given = report.first[1], report.operation.operands
    v = right(np.int64(given["v before"]), given["a"], given["dv"], given["sign"] * given["z"] * given["alpha"])
    assert report.sides.trusted == "oracle" and membrane.fire(v, given["vth"], given["floor"])[1] == first.right == first.left - 1
    text = lines(report, "again")
    assert text[0].startswith("fast differs from oracle and twin: look at lava_opzo/arithmetic/fixed/membrane.py integrate")
    assert "  operands in oracle:" in text and as_dict(report, "again")["first_difference"]["operands_in"] == "oracle"


def test_operands_of_a_later_sample_come_from_the_trusted_engine_too(monkeypatch):
    def wrong(*given):
        values, residuals = oracle_quantiser.difference(*given)
        return values, [rest ^ 1 for rest in residuals]
    monkeypatch.setattr(sample, "difference", wrong)
    network = small_network(hidden=(8, 6))
    frames, labels = random_samples(network, 2)
    report = verify(network, initial_state(network), frames, labels, ("oracle", "fast", "twin"), make=cheap)
    given = report.operation.operands
    assert report.sides.trusted == "fast" and report.verdict.startswith("oracle differs from fast and twin")
    d = given["o_plus"] - given["o_minus"]
    assert quantiser.quantise(given["d_residual before"], d, given["d_shift"], 3)[1] == report.first[1].right


def test_ranges_are_printed_where_they_are_asked_for_and_told_to_programs_always():
    network = small_network(hidden=(5, 4))
    frames, labels = random_samples(network, 1)
    report = verify(network, initial_state(network), frames, labels, ("oracle", "oracle"))
    assert "largest values seen against their ranges:" not in lines(report, "")
    assert "largest values seen against their ranges:" in lines(report, "", ranges=True)
    assert as_dict(report, "")["ranges"]["v"]
