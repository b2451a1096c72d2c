"""The timeline of docs/arithmetic.md section 6, written out by hand for small networks and row by row for all others."""
import pytest
from hypothesis import given, settings, strategies as st

from lava_opzo.errors import UserError
from lava_opzo.learning.credit import FixedFeedback, Opzo
from lava_opzo.learning.learning import Counts, Learning
from lava_opzo.learning.phases import Answer, Bits, Ranks, Window
from lava_opzo.learning.schedule import Schedule
from lava_opzo.learning.step import Step

TRAINED = """
tau  input                hidden1               hidden2               readout
0    first start w0 k0 +  -                     -                     -
1    w0 k1 +              first start w0 k0 +   -                     -
2    start w1 k0 -        w0 k1 +               first start w0 k0 +   -
3    w1 k1 -              start w1 k0 -         w0 k1 +               first start w0 k0 +
4    -                    w1 k1 -               start w1 k0 -         w0 k1 +
5    -                    -                     w1 k1 -               start w1 k0 -
6    label                -                     -                     w1 k1 - answer error+ quantise
7    -                    g+                    g+                    error-
8    rank1                g- quantise rank1 decay   g- quantise rank1 decay   rank1
9    rank2                rank2                 rank2                 rank2
10   -                    m+0                   m+0                   m+0
11   -                    m+1                   m+1                   m+1
12   -                    m-0                   m-0                   m-0
13   last                 m-1 last              m-1 last              m-1 last
"""
"""Two hidden layers, K = 2, two windows, x_max = 2, d_bits = 2: A = 6, T = 14."""

FIXED_M = """
tau  input                hidden1               readout
0    first start w0 k0 +  -                     -
1    w0 k1 +              first start w0 k0 +   -
2    -                    w0 k1 +               first start w0 k0 +
3    label                -                     w0 k1 + answer error+ quantise
4    -                    g+                    error-
5    rank1 last           g- quantise rank1 decay last   rank1 last
"""
"""One hidden layer, K = 2, one window, x_max = 1, an M that does not learn: A = 3, T = 6."""

EVALUATED = """
tau  input                hidden1               hidden2               readout
0    first start w0 k0    -                     -                     -
1    w0 k1                first start w0 k0     -                     -
2    -                    w0 k1                 first start w0 k0     -
3    -                    -                     w0 k1                 first start w0 k0
4    last                 last                  last                  w0 k1 answer last
"""
"""Two hidden layers, K = 2: one silent window and nothing after the answer."""

SIGNS = {1: "+", -1: "-", 0: ""}


def words(step: Step) -> str:
    """A step in the notation of the tables."""
    parts = ["first" * step.first, "start" * step.start]
    if step.window >= 0:
        parts += [f"w{step.window}", f"k{step.frame}", SIGNS[step.sign]]
    parts += ["label" * step.label, "answer" * step.answer, f"error{SIGNS[step.error]}" if step.error else "",
              f"g{SIGNS[step.third_factor]}" if step.third_factor else "", "quantise" * step.quantise,
              f"rank{step.rank}" if step.rank else "", "decay" * step.decay,
              f"m{SIGNS[step.m_sign]}{step.m_bit}" if step.m_sign else "", "last" * step.last]
    return " ".join(part for part in parts if part) or "-"


def table(text: str) -> list[list[str]]:
    """The columns of a table, without tau; cells are two or more blanks apart."""
    cells = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in text.strip().splitlines()[1:]]
    assert [row[0] for row in cells] == [str(tau) for tau in range(len(cells))]
    return [list(column) for column in zip(*(row[1:] for row in cells), strict=True)]


@pytest.mark.parametrize("text, learning, depth, learn", [
    (TRAINED, Learning(steps=2), 2, True), (EVALUATED, Learning(steps=2), 2, False),
    (FIXED_M, Learning(steps=2, windows=1, credit=FixedFeedback(), eligibility=Counts(1)), 1, True)],
    ids=["trained", "evaluated", "fixed M"])
def test_every_step_of_every_population_is_that_of_the_table(text, learning, depth, learn):
    programs = learning.schedule(depth, learn).programs
    assert [[words(step) for step in program] for program in programs] == table(text)


@st.composite
def schedules(draw):
    """(depth, Learning) with up to nine hidden layers."""
    learning = Learning(steps=draw(st.integers(1, 6)), windows=draw(st.integers(1, 2)), credit=Opzo(draw(st.integers(1, 4))),
                        eligibility=Counts(draw(st.integers(1, 4))))
    return draw(st.integers(1, 9)), learning


def steps_in_which(program, condition) -> list[int]:
    return [tau for tau, step in enumerate(program) if condition(step)]


@settings(max_examples=100)
@given(schedules())
def test_every_row_of_the_page_holds_at_any_depth(case):
    depth, learning = case
    L, Tw, x_max, d_bits = depth, learning.windows * learning.steps, learning.eligibility.x_max, learning.credit.d_bits
    schedule, A = learning.schedule(depth), depth + learning.windows * learning.steps
    assert schedule.length == A + 2 + x_max + 2 * d_bits and schedule.answer == A and schedule.window_steps == Tw
    assert schedule.ranks == A + 2 and schedule.bits == A + 2 + x_max
    assert len(schedule.programs) == L + 2 and {len(program) for program in schedule.programs} == {schedule.length}
    for layer, program in enumerate(schedule.programs):
        assert steps_in_which(program, lambda step: step.window >= 0) == list(range(layer, layer + Tw))
        assert [program[layer + t].window * learning.steps + program[layer + t].frame for t in range(Tw)] == list(range(Tw))
        assert steps_in_which(program, lambda step: step.rank) == list(range(A + 2, A + 2 + x_max))
        assert [program[tau].rank for tau in range(A + 2, A + 2 + x_max)] == list(range(1, x_max + 1))
        sent = list(range(schedule.bits, schedule.bits + 2 * d_bits)) if layer else []
        assert steps_in_which(program, lambda step: step.m_sign) == sent
        assert [(program[tau].m_sign, program[tau].m_bit) for tau in sent] == [
            (sign, bit) for sign in (1, -1) for bit in range(d_bits)][:len(sent)]
        hidden, readout = 0 < layer <= L, layer == L + 1
        assert steps_in_which(program, lambda step: step.answer) == [A] * readout
        assert steps_in_which(program, lambda step: step.label) == [A] * (layer == 0)
        assert {tau: step.error for tau, step in enumerate(program) if step.error} == ({A: 1, A + 1: -1} if readout else {})
        assert {tau: step.third_factor for tau, step in enumerate(program) if step.third_factor} == (
            {A + 1: 1, A + 2: -1} if hidden else {})
        assert steps_in_which(program, lambda step: step.quantise) == [A] * readout + [A + 2] * hidden
        assert steps_in_which(program, lambda step: step.decay) == [A + 2] * hidden


@settings(max_examples=100)
@given(schedules())
def test_no_step_learns_in_w_and_in_m_and_no_window_overlaps_a_learning_step(case):
    depth, learning = case
    for program in learning.schedule(depth).programs:
        for step in program:
            assert (step.window >= 0) + (step.rank > 0) + (step.m_sign != 0) <= 1
            assert not (step.error and (step.rank or step.m_sign))


@settings(max_examples=50)
@given(schedules())
def test_an_evaluation_takes_one_silent_window_and_the_way_to_the_readout(case):
    depth, learning = case
    schedule = learning.schedule(depth, learn=False)
    assert schedule.length == depth + learning.steps + 1 and schedule.answer == schedule.length - 1
    for layer, program in enumerate(schedule.programs):
        assert steps_in_which(program, lambda step: step.window == 0) == list(range(layer, layer + learning.steps))
        assert not any((step.sign, step.third_factor, step.rank, step.m_sign, step.error, step.quantise) != (0,) * 6
                       for step in program)
        assert steps_in_which(program, lambda step: step.answer) == [schedule.answer] * (layer == depth + 1)


def test_seven_hidden_layers_take_19_steps_of_two_step_windows():
    schedule = Learning(steps=2).schedule(7)
    assert (schedule.length, schedule.answer, schedule.ranks, schedule.bits) == (19, 11, 13, 15)
    assert [words(step) for step in schedule.programs[7]] == [
        *["-"] * 7, "first start w0 k0 +", "w0 k1 +", "start w1 k0 -", "w1 k1 -", "-", "g+", "g- quantise rank1 decay", "rank2",
        "m+0", "m+1", "m-0", "m-1 last"]
    assert [words(step) for step in schedule.programs[8]] == [
        *["-"] * 8, "first start w0 k0 +", "w0 k1 +", "start w1 k0 -", "w1 k1 - answer error+ quantise", "error-", "rank1",
        "rank2", "m+0", "m+1", "m-0", "m-1 last"]


def test_a_phase_that_is_not_in_the_list_starts_at_the_end():
    schedule = Schedule(1, (Window(0, 0, 3), Answer(learn=False)))
    assert schedule.start(Window) == 0 and schedule.start(Answer) == 3
    assert schedule.start(Ranks) == schedule.start(Bits) == schedule.length == 5


def test_a_sample_of_too_many_steps_is_refused_with_their_number():
    with pytest.raises(UserError, match="time steps of a sample 67546 is outside 1..65536"):
        Learning(steps=1024).schedule(65490)


@pytest.mark.parametrize("make, name", [
    (lambda: Learning(steps=0), "steps"), (lambda: Learning(steps=1025), "steps"), (lambda: Learning(windows=3), "windows"),
    (lambda: Learning(halve_every=-1), "halve_every"), (lambda: Learning(max_halvings=17), "max_halvings"),
    (lambda: Counts(0), "x_max"), (lambda: Counts(8), "x_max"), (lambda: Opzo(d_bits=8), "d_bits"),
    (lambda: Opzo(d_bits=0), "d_bits"), (lambda: Learning(gate="sigmoid"), "gate"),
    (lambda: Opzo(decay_period=3), "decay_period"), (lambda: FixedFeedback(m_sigma=0.0), "m_sigma"),
    (lambda: FixedFeedback(m_sigma=128.0), "m_sigma")])
def test_a_value_outside_its_range_is_refused_by_name(make, name):
    with pytest.raises(UserError, match=name):
        make()
