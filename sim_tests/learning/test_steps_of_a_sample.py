"""The timeline of docs/arithmetic.md section 11, for any depth and number of steps with a label."""
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from lava_opzo.errors import UserError
from lava_opzo.learning.credit import FixedFeedback, Opzo
from lava_opzo.learning.learning import Counts, Learning
from lava_opzo.learning.phases import Advance, Answer


@st.composite
def cases(draw):
    steps = draw(st.integers(1, 6))
    credit = draw(st.sampled_from([Opzo(1), Opzo(3), FixedFeedback()]))
    return draw(st.integers(1, 5)), Learning(steps, 1, credit, Counts(draw(st.integers(1, 4)), draw(st.integers(0, 4095))),
                                             updates="step", label_from=draw(st.integers(0, steps - 1)))


def where(program, condition):
    return [tau for tau, step in enumerate(program) if condition(step)]


@settings(max_examples=60)
@given(cases())
def test_every_row_of_the_page_holds_at_any_depth(case):
    L, learning = case
    K, first, x_max, d_bits = learning.steps, learning.label_from, learning.eligibility.x_max, learning.credit.d_bits
    schedule, stretched = learning.schedule(L), L + 3 + x_max
    begins = [min(k, first) + max(0, k - first) * stretched for k in range(K)]
    taught = begins[first:]
    bits = begins[-1] + stretched
    assert schedule.length == first + (K - first) * stretched + 2 * d_bits == bits + 2 * d_bits
    assert schedule.window_steps == K and schedule.starts(Advance) == begins and len(schedule.starts(Answer)) == K - first
    for layer, program in enumerate(schedule.programs):
        hidden, readout = 0 < layer <= L, layer == L + 1
        forward = [b + layer for b in begins]
        assert where(program, lambda step: step.frame >= 0) == where(program, lambda step: step.alone) == forward
        assert [(program[tau].frame, program[tau].sign, program[tau].window) for tau in forward] == [
            (k, 1 - 2 * (k % 2), k % 2) for k in range(K)]
        assert where(program, lambda step: step.first) == where(program, lambda step: step.start) == forward[:1]
        assert where(program, lambda step: step.answer) == ([b + L + 1 for b in taught] if readout else [])
        assert where(program, lambda step: step.label) == ([b + L + 1 for b in taught] if layer == 0 else [])
        assert {tau: step.error for tau, step in enumerate(program) if step.error} == (
            {b + L + 1 + i: 1 - 2 * i for b in taught for i in range(2)} if readout else {})
        assert {tau: step.third_factor for tau, step in enumerate(program) if step.third_factor} == (
            {b + L + 2 + i: 1 - 2 * i for b in taught for i in range(2)} if hidden else {})
        assert where(program, lambda step: step.quantise) == [b + L + (1 if readout else 3) for b in taught] * (layer > 0)
        assert where(program, lambda step: step.difference) == [taught[-1] + L + 1] * readout
        assert {tau: step.rank for tau, step in enumerate(program) if step.rank} == {
            b + L + 2 + r: r for b in taught for r in range(1, x_max + 1)}
        assert where(program, lambda step: step.decay) == [taught[-1] + L + 3] * hidden
        assert where(program, lambda step: step.m_sign) == list(range(bits, bits + 2 * d_bits)) * (layer > 0)
        for step in program:
            assert step.alone + (step.rank > 0) + (step.m_sign != 0) <= 1, "two things at once in one population"


@pytest.mark.parametrize("carry", [False, True])
def test_an_evaluation_takes_as_long_as_that_of_updates_sample_and_answers_every_step(carry):
    learning = Learning(6, 1, eligibility=Counts(2, 500), updates="step", label_from=3, carry=carry)
    schedule, by_sample = learning.schedule(3, learn=False), Learning(6, 1).schedule(3, learn=False)
    assert schedule.length == by_sample.length and schedule.window_steps == 6 and schedule.by_step
    for layer, program in enumerate(schedule.programs):
        forward = range(layer, layer + 6)
        assert where(program, lambda step: step.frame >= 0) == where(program, lambda step: step.alone) == list(forward)
        assert [(program[tau].frame, program[tau].sign, program[tau].window) for tau in forward] == [
            (k, 0, 0) for k in range(6)]
        assert where(program, lambda step: step.first) == [layer]
        assert where(program, lambda step: step.rest) == where(program, lambda step: step.start) == [layer] * (not carry)
        assert where(program, lambda step: step.answer) == list(forward) * (layer == 4)
        assert where(program, lambda step: step.label or step.error or step.rank or step.quantise) == []


def test_where_neurons_carry_no_training_sample_begins_at_rest():
    one, other = (Learning(3, 1, eligibility=Counts(2, 500), updates="step", carry=carry).schedule(2) for carry in (False, True))
    assert one.length == other.length
    for layer, (rests, carries) in enumerate(zip(one.programs, other.programs, strict=True)):
        assert where(rests, lambda step: step.rest or step.start) == [layer]
        assert where(carries, lambda step: step.rest or step.start) == []
        assert [replace(step, rest=False, start=False) for step in rests] == list(carries)


@pytest.mark.parametrize("make, fragments", [
    (lambda: Learning(updates="day"), ("updates 'day'", "sample, step")),
    (lambda: Learning(updates="step"), ("windows 2", "one window")),
    (lambda: Learning(8, 1, updates="step", label_from=8), ("label_from 8", "0..7")),
    (lambda: Learning(8, 1, label_from=2), ("label_from 2", 'set updates = "step"')),
    (lambda: Learning(8, 1, eligibility=Counts(2, 5)), ("decay 5", 'set updates = "step"')),
    (lambda: Counts(2, 4096), ("decay 4096", "0..4095"))])
def test_what_makes_no_sense_is_refused_in_one_line_by_name(make, fragments):
    with pytest.raises(UserError) as found:
        make()
    assert all(fragment in str(found.value) for fragment in fragments) and "\n" not in str(found.value)
