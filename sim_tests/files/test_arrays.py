"""Arrays in files: what a header declares is held against the bytes behind it and the memory that is free."""
import io
import itertools
import os
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import given, strategies as st

from lava_opzo.errors import SystemRefusedError, UserError
from lava_opzo.files import memory, npy, zipped_arrays
from sim_tests.helpers.foreign_files import spoiled


def npy_file(header, content=b""):
    text = header.encode("latin-1")
    return npy.MAGIC + b"\x01\x00" + struct.pack("<H", len(text)) + text + content


def said(shape, kind="<i4"):
    return f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n"


def zipped(path, members, packing=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", packing) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def load(path):
    return zipped_arrays.load("file", path, lambda headers: None)


KINDS = st.sampled_from(["?", "i1", "u1", "<i2", ">u2", "<i4", ">i8", "<u8", "<f2", "<f4", ">f8"])


@given(kind=KINDS, shape=st.lists(st.integers(0, 4), max_size=4), fortran=st.booleans(), packed=st.booleans())
def test_every_plain_array_is_read_as_numpy_wrote_it(tmp_path_factory, kind, shape, fortran, packed):
    path = tmp_path_factory.mktemp("any")
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(kind)
    array = np.asfortranarray(array) if fortran else array
    (np.savez_compressed if packed else np.savez)(path / "a.npz", first=array, second=array.T)
    np.save(path / "a.npy", array)
    found = [*load(path / "a.npz").values(), npy.load("file", path / "a.npy", 1 << 20)]
    for right, one in zip((array, array.T, array), found, strict=True):
        assert one.dtype == right.dtype and one.shape == right.shape and np.array_equal(one, right)


@pytest.mark.parametrize("content, words", [
    (b"", "begins with nothing"), (b"\x93NUMPY\x09\x00", "no array of numpy"),
    (npy_file(said("(3,)"), bytes(11)), "has .* bytes, its header"),
    (npy_file(said("(3,)"), bytes(13)), "has .* bytes, its header"),
    (npy_file(said("(3.5,)")), "shape '3.5,' is not one of whole"),
    (npy_file(said("(-3,)")), "is not one of whole numbers"), (npy_file(said("(3,)", "|O")), "is not one of numbers"),
    (npy_file(said("(3,)", "<U9999")), "is not one of numbers"),
    (npy_file(said("(3,)").replace("descr", "type")), "is not that of one array"),
    (npy_file(said(f"({10**12}, {10**6})")), "is above 8 dimensions"),
    (npy_file(said("(1, 1, 1, 1, 1, 1, 1, 1, 1)")), "is above 8 dim"),
    (npy_file(said(f"(0, {10**19 - 1})")), "is above 8 dimensions"), (npy_file("(" * 4000), "is not that of one array"),
    (npy_file(said("(" + "1, " * 1000 + ")")), "is above 8 dimensions"),
    (npy_file(said("(2,)", "|b1"), b"\x00\x02"), "truth value")])
def test_headers_that_cannot_be_are_refused(tmp_path, content, words):
    (tmp_path / "a.npy").write_bytes(content)
    with pytest.raises(UserError, match=words) as caught:
        npy.load("file", tmp_path / "a.npy", 1 << 20)
    assert "\n" not in str(caught.value)
    with pytest.raises(UserError, match="cannot be read"):
        load(zipped(tmp_path / "a.npz", {"a.npy": content}))


def test_archives_that_numpy_does_not_write_are_refused(tmp_path):
    good = npy_file(said("(3,)"), bytes(12))
    for members, packing, words in (
            ({"a.txt": b"hello"}, zipfile.ZIP_STORED, "'a.txt' is no array"),
            ({"a.npy": good}, zipfile.ZIP_LZMA, "packed in a way"),
            ({"a\nb.npy": good}, zipfile.ZIP_STORED, "is no array"), ({f"{i}.npy": b"" for i in range(5000)}, 0, "5000 members")):
        with pytest.raises(UserError, match=words) as caught:
            load(zipped(tmp_path / "a.npz", members, packing))
        assert "\n" not in str(caught.value)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(tmp_path / "b.npz", "w") as archive:
        archive.writestr("a.npy", good)
        archive.writestr("a.npy", good)
    with pytest.raises(UserError, match="no array or there twice"):
        load(tmp_path / "b.npz")


def test_six_gigabytes_of_zeros_are_refused_before_they_are_unpacked(tmp_path, monkeypatch):
    shape = (6_000_000_000,)
    monkeypatch.setattr(zipped_arrays, "read_content", lambda *_: pytest.fail("it was unpacked"))
    path = zipped(tmp_path / "a.npz", {"a.npy": npy_file(said(shape, "|i1"), bytes(1 << 20))})
    content = path.read_bytes()
    for place in (content.index(b"PK\x01\x02") + 24, content.index(b"PK\x03\x04") + 22):
        content = content[:place] + struct.pack("<I", (1 << 32) - 2) + content[place + 4:]
    path.write_bytes(content)
    with pytest.raises(UserError, match="which .* packed ones cannot hold"):
        load(path)
    array = io.BytesIO()
    np.save(array, np.zeros(1 << 20, np.uint8))
    monkeypatch.setattr(memory, "MOST_BYTES", 1000)
    with pytest.raises(UserError, match="1048576 bytes of arrays are above 1000"):
        load(zipped(path, {"a.npy": array.getvalue()}))


def test_more_than_a_third_of_the_free_memory_is_refused(monkeypatch):
    assert memory.available() > 0
    monkeypatch.setattr(memory, "available", lambda: 3000)
    memory.check_size("file", 1000)
    with pytest.raises(SystemRefusedError, match="file: 1001 bytes of arrays are more than a third of the 3000"):
        memory.check_size("file", 1001)


def test_cuts_and_flips_anywhere_are_one_line_or_change_nothing(tmp_path):
    arrays = {"a": np.arange(200).reshape(10, 20), "b": np.linspace(0, 1, 7)}
    for write in (np.savez, np.savez_compressed):
        write(tmp_path / "a.npz", **arrays)
        for content in itertools.islice(spoiled((tmp_path / "a.npz").read_bytes(), 1), 300):
            (tmp_path / "a.npz").write_bytes(content)
            try:
                found = load(tmp_path / "a.npz")
            except UserError as error:
                assert "\n" not in str(error)
            else:
                assert all(np.array_equal(found[name], array) for name, array in arrays.items() if name in found)


@pytest.mark.parametrize("put", [os.mkfifo, os.mkdir, lambda path: os.symlink(path, path)])
def test_a_pipe_a_folder_and_a_circle_of_links_are_never_waited_for(tmp_path, put):
    put(tmp_path / "a")
    for read in (load, lambda path: npy.load("file", path, 100)):
        with pytest.raises(UserError, match="^file .*a: "):
            read(tmp_path / "a")
