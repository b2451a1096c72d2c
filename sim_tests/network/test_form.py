"""Whatever network a file can hold is written and read back as the same network."""
from dataclasses import asdict, replace

import pytest
import tomli
import tomli_w
from hypothesis import given, settings, strategies as st

from lava_opzo.errors import UserError
from lava_opzo.files.toml import checked
from lava_opzo.learning.credit import Backprop, FixedFeedback, Opzo, SinglePoint
from lava_opzo.learning.learning import Counts, Learning
from lava_opzo.network.form import Form, changed, form_of
from lava_opzo.network.populations import Hidden, Readout
from lava_opzo.silicon.profile import PROFILES, Profile
from sim_tests.helpers.networks import baselined, by_step, small_network

SIGMA = st.floats(0, 127)
CREDIT = (st.builds(Opzo, st.integers(1, 7), st.sampled_from([0, 1, 4, 1 << 20])) | st.builds(FixedFeedback, st.floats(0.5, 127))
          | st.builds(Backprop) | st.builds(SinglePoint))
LEARNING = st.builds(Learning, st.integers(1, 12), st.integers(1, 2), CREDIT, st.builds(Counts, st.integers(1, 7)),
                     st.sampled_from(["psi", "count"]), st.integers(0, 1 << 30), st.integers(0, 3))
PROFILE = st.sampled_from(list(PROFILES.values())) | st.builds(
    Profile, st.text("abc-", min_size=1), st.integers(-128, -1).map(lambda half: 2 * half), st.integers(2, 255))
LAYER = st.builds(Hidden, st.integers(1, 50), st.integers(1, 131071), st.integers(0, 4095), st.integers(0, 7),
                  st.integers(1, 131071), st.integers(0, 15), st.integers(0, 4095), frozen=st.booleans())
READOUT = st.builds(Readout, st.integers(2, 9), st.integers(0, 22), st.integers(0, 22), st.integers(0, 22))


@st.composite
def forms(draw):
    """A form of one to eight hidden layers, some of which have names of their own."""
    hidden = draw(st.lists(LAYER, min_size=1, max_size=8))
    if draw(st.booleans()):
        hidden[0] = replace(hidden[0], name="edges")
    n = len(hidden) + 1
    return Form(draw(st.integers(1, 500)), tuple(draw(st.lists(SIGMA, min_size=n, max_size=n))),
                tuple(draw(st.lists(st.integers(0, 22), min_size=n, max_size=n))), tuple(hidden), draw(READOUT), draw(LEARNING),
                draw(PROFILE), draw(st.integers(0, (1 << 63) - 1)))


def written_and_read(form: Form) -> Form:
    return checked(Form, tomli.loads(tomli_w.dumps(asdict(form))), "form")


@settings(max_examples=300)
@given(forms())
def test_a_network_is_read_back_from_its_file_as_it_was(form):
    network = form.network()
    again = written_and_read(form_of(network))
    assert again == form_of(network) and again.network() == network
    assert written_and_read(form).network() == network


def test_a_form_says_the_arguments_of_chain_and_nothing_that_follows_from_them():
    assert list(asdict(form_of(small_network()))) == [
        "n_in", "sigma", "x_shift", "hidden", "readout", "learning", "profile", "seed", "spread", "wiring", "stagger",
        "auxiliary", "opposed"]


def test_what_a_network_does_not_use_is_in_no_document():
    plain, staggered = form_of(small_network(spread=True)).document(), form_of(small_network(spread=True, stagger=3)).document()
    assert {"wiring", "stagger", "opposed"} & plain.keys() == set() and staggered == {**plain, "stagger": 3}
    assert form_of(changed(small_network(spread=True), opposed=2)).document() == {**plain, "opposed": 2}
    assert {"updates", "label_from"} & plain["learning"].keys() == set() and "dv" not in plain["readout"]
    assert plain["learning"]["eligibility"].keys() == {"x_max"}


def test_a_network_that_learns_in_every_step_is_read_back_from_its_document_as_it_was():
    network = by_step(small_network(windows=1), 2, decay=7, readout_dv=9)
    document = form_of(network).document()
    assert (document["learning"]["updates"], document["learning"]["label_from"]) == ("step", 2)
    assert (document["learning"]["eligibility"]["decay"], document["readout"]["dv"]) == (7, 9)
    assert checked(Form, tomli.loads(tomli_w.dumps(document)), "form").network() == network


def test_a_network_with_a_baseline_is_read_back_as_it_was_and_no_other_document_says_a_word_of_it():
    network = baselined(small_network(windows=1), "class", 3)
    document, plain = (form_of(one).document() for one in (network, small_network(windows=1)))
    assert document["learning"]["credit"] == {**plain["learning"]["credit"], "baseline": "class", "baseline_shift": 3}
    assert checked(Form, tomli.loads(tomli_w.dumps(document)), "form").network() == network
    assert plain["learning"]["credit"].keys() == {"kind", "d_bits", "decay_period"}


def test_a_changed_network_differs_in_that_alone():
    network = small_network()
    other = changed(network, seed=7)
    assert other != network and replace(other, seed=network.seed) == network


def test_a_network_that_no_form_can_say_is_refused():
    network = small_network()
    renamed = (replace(network.connections[0], name="first"), *network.connections[1:])
    with pytest.raises(UserError, match="not one that Network.chain builds"):
        form_of(replace(network, connections=renamed))


@pytest.mark.parametrize("change, message", [
    ({"speed": 1}, "unknown key 'speed'"), ({"learning": {"credit": {"kind": "magic"}}}, "credit.kind 'magic' is not one of"),
    ({"learning": {"credit": {"kind": "dfa", "d_bits": 2}}}, "d_bits"), ({"n_in": "9"}, "n_in"),
    ({"profile": {"name": "x"}}, "weight_min")])
def test_a_fault_in_a_file_is_one_line_that_names_the_key(change, message):
    with pytest.raises(UserError, match=message) as found:
        checked(Form, asdict(form_of(small_network())) | change, "form")
    assert "\n" not in str(found.value)
