"""Pictures are whole or not there, in the format of their name's ending."""
import pytest

from lava_opzo.errors import SystemRefusedError, UserError
from lava_opzo.report import figures, picture
from sim_tests.helpers.commands import assert_one_line, called
from sim_tests.helpers.networks import small_network


@pytest.mark.parametrize("name, start", [("a.png", b"\x89PNG"), ("a.PDF", b"%PDF"), ("a.svg", b"<?xml")])
def test_the_ending_decides_the_format(tmp_path, name, start):
    figures.timeline_picture(tmp_path / name, small_network())
    assert (tmp_path / name).read_bytes().startswith(start)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("path, words", [
    ("a.txt", "a picture of format 'txt' is not drawn; choose a name that ends in .png, .pdf, .svg"), ("a", "of format ''"),
    ("none/a.png", "a.png: cannot be written: No such file or directory"), ("n" * 300 + ".png", "too long"),
    ("folder.png", "Is a directory")])
def test_a_picture_that_cannot_be_is_one_line_and_leaves_nothing(tmp_path, path, words):
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(UserError, match=words) as caught:
        figures.timeline_picture(tmp_path / path, small_network())
    assert "\n" not in str(caught.value) and [path.name for path in tmp_path.iterdir()] == ["folder.png"]


def test_a_full_disk_leaves_the_picture_of_before(tmp_path):
    class Figure:
        def savefig(self, path, **options):
            path.write_bytes(b"half")
            raise OSError(28, "No space left on device")

    (tmp_path / "a.png").write_bytes(b"of before")
    with pytest.raises(SystemRefusedError, match="No space left on device"):
        picture.save(Figure(), tmp_path / "a.png")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.png", b"of before")]


def test_preflight_says_in_one_line_that_its_picture_cannot_be_drawn(tmp_path):
    for name, words in (("none/map.png", "No such file or directory"), ("map.gif", "format 'gif'")):
        assert_one_line(called("preflight", "--samples", 0, "--picture", tmp_path / name), 2, words)
