"""Labels and values: prediction and error of docs/arithmetic.md section 4, by hand and as the oracle has them."""
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from lava_opzo.arithmetic.fixed import error
from lava_opzo.arithmetic.real import error as real
from lava_opzo.engines.oracle import error as oracle

LIMIT = 2**23 - 1
TARGETS = {"labels": st.integers(0, 1), "values": st.integers(-127, 127)}


def test_errors_and_answers_of_sums_at_the_ends_and_in_the_middle_are_those_of_the_table():
    o = np.array([-5, 0, 511, 512, 1016, 1023, 4000])
    assert error.answer(o, 3, "labels").tolist() == [0, 0, 0, 1, 1, 1, 1]
    assert error.output_error(o, np.ones(7, int), 3, "labels").tolist() == [-127, -127, -64, -63, 0, 0, 0]
    assert error.output_error(o, np.zeros(7, int), 3, "labels").tolist() == [0, 0, 63, 64, 127, 127, 127]
    assert error.answer(o, 3, "values").tolist() == [-1, 0, 63, 64, 127, 127, 127]
    wanted = np.array([0, 127, -70, 64, 127, 127, 127])
    assert error.output_error(o, wanted, 3, "values").tolist() == [-1, -127, 127, 0, 0, 0, 127]


@pytest.mark.parametrize("kind", TARGETS)
@settings(max_examples=100)
@given(data=st.data())
def test_errors_and_answers_equal_the_oracle_at_every_shift(kind, data):
    shift = data.draw(st.integers(0, 22))
    edges = [(e << shift) + offset for e in (-128, -127, -1, 0, 63, 64, 127, 128) for offset in (-1, 0, 1)]
    o = data.draw(st.lists(st.sampled_from([e for e in edges if abs(e) <= LIMIT]) | st.integers(-LIMIT, LIMIT), min_size=1,
                           max_size=9))
    t = data.draw(st.lists(TARGETS[kind], min_size=len(o), max_size=len(o)))
    array, target = np.array(o, np.int32), np.array(t, np.int32)
    expected = [oracle.error(o_q, shift, t_q, kind) for o_q, t_q in zip(o, t, strict=True)]
    assert error.output_error(array, target, shift, kind).tolist() == expected
    assert all(-127 <= e <= 127 for e in expected)
    assert error.answer(array, shift, kind).tolist() == oracle.answer(o, shift, kind)


def test_an_error_of_labels_is_that_of_classes_where_one_is_right():
    o, one = np.array([900, 300, -40]), np.array([0, 1, 0])
    assert np.array_equal(error.output_error(o, one, 2, "labels"), error.output_error(o, one, 2))


def test_real_numbers_have_the_same_middle_ends_and_slope():
    o = np.array([-4.0, 0.0, 512.0, 1020.0])
    assert real.answer(o, 3, "labels").tolist() == [0, 0, 1, 1] and real.answer(o, 3, "values").tolist() == [0, 0, 64, 127]
    assert real.output_error(o, np.array([0, 1, -70, 0]), 3, "values").tolist() == [-0.5, -1.0, 127.0, 127.0]
    labels = real.output_error(np.array([512.0, 512.0 + 128.0, -1e9]), np.array([0, 1, 0]), 3, "labels")
    assert labels.tolist() == pytest.approx([63.5, 127 * (1 / (1 + np.exp(-1)) - 1), 0.0])
