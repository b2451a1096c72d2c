"""What the compiled loops are made of: code that makes no array and counts no references."""
import numpy as np
import pytest
from numba import NumbaError

from lava_opzo.engines.twin.cache import compiled_loop, fingerprint
from lava_opzo.engines.twin.part import part, view


@part
def last_row(rows):
    return rows[-1]


@view
def first_row(rows):
    return rows[0]


@compiled_loop(fingerprint())
def sum_of_the_first_row(rows):
    row, total = first_row(rows), 0
    for i in range(row.size):
        total += row[i]
    return total


@compiled_loop(fingerprint())
def makes_an_array(rows):
    return np.zeros(rows.size).size


@compiled_loop(fingerprint())
def calls_a_part_that_returns_a_view(rows):
    return last_row(rows).size


def test_a_view_is_returned_into_its_caller():
    assert sum_of_the_first_row(np.arange(6).reshape(2, 3)) == 3


@pytest.mark.parametrize("loop", [makes_an_array, calls_a_part_that_returns_a_view])
def test_what_would_need_counted_references_does_not_compile(loop):
    with pytest.raises(NumbaError):
        loop(np.zeros((2, 3)))
