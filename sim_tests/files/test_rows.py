"""Rows of whole numbers are read as they are written, and everything else is refused by line and column."""
import numpy as np
import pytest

from lava_opzo.errors import UserError
from lava_opzo.files import rows


def read(tmp_path, text, **options):
    (tmp_path / "a.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return rows.load("samples", tmp_path / "a.csv", **{"n_columns": 3, "most": 15, **options})


@pytest.mark.parametrize("text", ["0,15,7\n1,2,3\n", "0,15,7\r\n1,2,3", " 0, 15 ,7\n1,2,3\n", "\ufeff0,15,7\n1,2,3\n"])
def test_numbers_are_read_whatever_ends_a_line_and_stands_around_them(tmp_path, text):
    found = read(tmp_path, text)
    assert found.tolist() == [[0, 15, 7], [1, 2, 3]] and found.dtype == np.uint8


@pytest.mark.parametrize("text, words", [
    ("", "is empty"), ("a,b,c\n1,2,3\n", "line 1, column 1: 'a' is no whole number in 0..15"),
    ("1,2,3\n\n", "line 2 has 1 values"), ("1,2,3\n\n4,5,6\n", "line 2 has 1 values"),
    ("1,2,3,4\n", "line 1 has 4 values, 3 are needed"), ("1,2\n", "line 1 has 2 values"), ("1,2,16\n", "column 3: '16'"),
    ("1,-2,3\n", "column 2: '-2'"), ("1,2.0,3\n", "'2.0'"), ("1,,3\n", "''"), ("1,nan,3\n", "'nan'"),
    ("1,07,3\n", "'07'"), ("1,\u0663,3\n", "column 2"), ('1,"2",3\n', "column 2"), ("1;2;3\n", "line 1 has 1 values"),
    ("1,2,3\x0b4,5,6\n", "line 1 has 5 values"), (b"1,2,\xff\n", "byte 4 is no UTF-8")])
def test_everything_else_is_refused_by_line_and_column(tmp_path, text, words):
    with pytest.raises(UserError) as refused:
        read(tmp_path, text)
    assert words in str(refused.value) and str(refused.value).startswith("samples ") and "\n" not in str(refused.value)


def test_a_file_of_more_numbers_than_memory_holds_is_refused_before_it_is_taken_apart(tmp_path):
    with pytest.raises(UserError, match="bytes of arrays"):
        read(tmp_path, "1\n" * 100, n_columns=1 << 40)
