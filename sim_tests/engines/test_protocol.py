"""Every engine of the registry keeps to the protocol; one that cannot run a network is refused with those that can."""
import numpy as np
import pytest

from lava_opzo.arithmetic.numbers import NUMBERS
from lava_opzo.engines import largest, touches
from lava_opzo.engines.engine import Abilities, Seen
from lava_opzo.engines.registry import ALIASES, NAMES, TABLE, check, first_line, make, names_with, parse, recorder
from lava_opzo.errors import UserError
from lava_opzo.learning.credit import KINDS
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.profile import LOIHI_254, STOCK_LAVA, Profile
from lava_opzo.topology.dense import Dense
from sim_tests.helpers.networks import differing, random_samples, small_network

LEARNING = [key for key, entry in TABLE.items() if entry.engine]
RECORDING = [key for key, entry in TABLE.items() if entry.recorder]


@pytest.mark.parametrize("name, number", LEARNING)
def test_every_method_of_the_protocol_in_every_engine(name, number):
    network = small_network()
    state, (frames, labels) = initial_state(network), random_samples(network, 4)
    with make(name, network, state, number) as engine:
        assert isinstance(engine.abilities, Abilities) and number in engine.abilities.numbers and engine.chunk >= 1
        before = engine.state()
        assert differing(before, state) == [] and engine.seen().spike_rates == [0.0, 0.0]
        predicted = engine.evaluate(frames)
        assert predicted.shape == (4,) and predicted.dtype == np.int32 and differing(engine.state(), before) == []
        answers = engine.train(frames, labels)
        assert answers.shape == (4,) and answers.dtype == np.int32 and ((answers >= 0) & (answers < 4)).all()
        after, seen = engine.state(), engine.seen()
        engine.stop()
        engine.stop()
    assert after.n_trained == 4 and "W1.weights" in differing(after, before)
    assert {after[connection.weights].dtype for connection in network.connections} == {np.dtype(NUMBERS[number].dtype)}
    assert differing(state, initial_state(network)) == [], "the caller's state was changed"
    assert_seen(seen, engine.abilities, number)


def assert_seen(seen: Seen, abilities: Abilities, number: str) -> None:
    """What an engine says that it does not count is None, and what it counts names every part of the network."""
    assert len(seen.spike_rates) == 2 and all(0 < rate < 1 for rate in seen.spike_rates)
    counts = number == "fixed" and abilities.counts_touches
    assert (list(seen.rail_touches) == ["W1", "W2", "W3", "M1", "M2"]) if counts else seen.rail_touches is None
    keeps = number == "fixed" and abilities.keeps_largest
    assert ({part: tuple(values) for part, values in seen.largest.items()} == largest.names(small_network())) if keeps else (
        seen.largest is None)


def test_what_is_not_counted_is_said_so_and_never_called_none():
    assert touches.summary(None) == touches.text(None) == "not counted" and touches.summary({"W1": 0}) == "none"
    assert touches.add({}, None) is None and touches.add(None, {"W1": 1}) is None and touches.total(None) is None
    assert largest.summary(None) == "largest values: not counted"
    assert largest.merge(None, {}) is None and largest.merge({}, None) is None and largest.overflows(None) == {}
    assert touches.add({"W1": 2}, {"W1": 1, "M1": 3}) == {"W1": 3, "M1": 3}
    assert largest.merge({"a": {"v": 2}}, {"a": {"v": 1}, "b": {"o": 3}}) == {"a": {"v": 2}, "b": {"o": 3}}


@pytest.mark.parametrize("name, number", list(TABLE))
def test_every_entry_says_of_itself_what_the_table_says(name, number):
    entry = TABLE[name, number]
    abilities = entry.abilities
    assert number in abilities.numbers and Dense in abilities.topologies and set(abilities.credits) <= set(KINDS)
    assert abilities.records or entry.recorder is None
    assert abilities.profiles is None or abilities.profiles == (STOCK_LAVA.name,)
    assert NUMBERS[number].tag in first_line(name, number) or name == "oracle"


def test_the_names_are_those_of_the_table_and_lava_is_the_everyday_name_of_fast():
    assert NAMES == ("stock", "fast", "twin", "oracle", "in-the-loop") and ALIASES == {"lava": "fast"}
    assert names_with(learns=True) == ("stock", "fast", "twin", "in-the-loop")
    assert names_with(records=True) == ("stock", "fast", "twin", "oracle")
    assert names_with("real") == names_with("real", learns=True) == ("stock", "fast", "twin")
    assert names_with("real", records=True) == ()
    assert first_line("lava") == first_line("fast") and "event-driven" in first_line("fast")


REFUSED = {
    "real numbers in the loop": (
        "in-the-loop", "real", {}, "engine 'in-the-loop' lacks number 'real'; choose stock or fast or twin"),
    "oracle as an engine": (
        "oracle", "fixed", {}, "engine 'oracle' lacks learning of whole runs; choose stock or fast or twin or in-the-loop"),
    "backprop in integers": (
        "twin", "fixed", {"credit": "backprop"}, "engine 'twin' lacks credit 'backprop'; choose twin with number real"),
    "single point in Lava": (
        "lava", "real", {"credit": "single-point"}, "engine 'fast' lacks credit 'single-point'; choose twin"),
    "a gate of a board": (
        "fast", "fixed", {"gate": "count"}, "engine 'fast' lacks gate 'count'; choose in-the-loop"),
    "rails": (
        "stock", "fixed", {"profile": LOIHI_254},
        "engine 'stock' lacks profile 'loihi-254' with rails -256..254; choose fast or twin or in-the-loop"),
    "rails by a borrowed name": (
        "stock", "fixed", {"profile": Profile("stock-lava", -256, 254)},
        "engine 'stock' lacks profile 'stock-lava' with rails -256..254; choose fast or twin or in-the-loop"),
    "two things": (
        "stock", "fixed", {"profile": LOIHI_254, "gate": "count"},
        "engine 'stock' lacks gate 'count' and profile 'loihi-254' with rails -256..254; choose in-the-loop"),
    "what nobody has": (
        "twin", "fixed", {"credit": "backprop", "gate": "count"},
        "engine 'twin' lacks credit 'backprop' and gate 'count'; "
        "no engine has all of it; choose another credit, gate or profile"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_combination_that_no_ability_covers_is_refused_in_one_line_that_lists_the_engines_that_have_it(case):
    name, number, options, line = REFUSED[case]
    network = small_network(**options)
    for refused in (lambda: check(name, number, network), lambda: make(name, network, initial_state(network), number)):
        with pytest.raises(UserError) as found:
            refused()
        assert str(found.value) == line


def test_every_allowed_combination_is_checked_without_a_word():
    for name, number in LEARNING:
        for kind in TABLE[name, number].abilities.credits:
            for gate in TABLE[name, number].abilities.gates:
                check(name, number, small_network(credit=kind, gate=gate))


def test_an_engine_that_records_nothing_is_refused_with_those_that_do():
    with pytest.raises(UserError, match="'in-the-loop' lacks recording of every step; choose stock or fast or twin or oracle"):
        recorder("in-the-loop", small_network(), initial_state(small_network()), 1)


@pytest.mark.parametrize("call", [lambda: check("abacus", "fixed", small_network()), lambda: first_line("abacus"),
                                  lambda: parse("abacus,fast")])
def test_an_unknown_engine_is_refused_with_all_names(call):
    with pytest.raises(UserError, match="engine 'abacus' is not one of stock, fast, twin, oracle, in-the-loop, lava"):
        call()


def test_an_unknown_number_is_refused_with_both_names():
    with pytest.raises(UserError, match="number 'fixed_pt' is not one of fixed, real"):
        check("twin", "fixed_pt", small_network())


@pytest.mark.parametrize("text", ["stock", "stock,stock", "lava,fast", "", "twin,in-the-loop"])
def test_a_list_of_engines_that_cannot_be_compared_is_refused_with_the_names_that_can(text):
    with pytest.raises(UserError, match="choose among stock, fast, twin, oracle"):
        parse(text)


def test_a_list_of_engines_may_use_everyday_names_and_blanks():
    assert parse("lava, oracle") == ("fast", "oracle") and parse("twin", 1, 1) == ("twin",)


@pytest.mark.parametrize("name, number", RECORDING)
def test_a_recorder_leaves_the_callers_state_and_stops_twice(name, number):
    network = small_network()
    state, (frames, labels) = initial_state(network), random_samples(network, 2)
    running = recorder(name, network, state, 1)
    try:
        assert running.sample(frames[0], int(labels[0]))["readout"]["prediction"].shape == (network.schedule().length, 1)
    finally:
        running.stop()
        running.stop()
    assert differing(state, initial_state(network)) == []
