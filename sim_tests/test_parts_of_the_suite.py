"""The larger part of the suite runs without PyTorch in memory: tests that start networks in Lava take a fifth less for it."""


def test_files_that_name_no_library_built_on_pytorch_import_none(found_torch):
    assert not found_torch
