"""Options of the suite: where real recordings are, which part runs, cores and threads of a process, and that no example has a
deadline.
"""
import gc
import os
import re
import sys
from pathlib import Path

import pytest
from hypothesis import settings

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")  # tests run beside each other, and threads that wait for one another spin

settings.register_profile("suite", deadline=None)  # a machine that does something else as well is no fault
settings.load_profile("suite")

ABSENT = "no data folder given (--data DIR or LAVA_OPZO_DATA); docs/datasets.md says what it holds"

ON_TORCH = re.compile(r"\b(torch|tonic|nir|lava\.lib|lava_opzo\.paper)\b")
"""What a file of tests names that imports PyTorch, or is built on it."""

FOUND_TORCH = pytest.StashKey[bool]()
"""Whether PyTorch was there when all tests had been collected."""


def pytest_addoption(parser):
    parser.addoption("--torch", choices=("with", "without"), help="only the files of tests that name PyTorch or what is built on "
                     "it, or only the others, whose processes are smaller for it and start those of a network in Lava faster")
    parser.addoption("--data", metavar="DIR", default=os.environ.get("LAVA_OPZO_DATA"),
                     help="folder with real recordings for the tests marked 'data' (default: LAVA_OPZO_DATA)")


def take_cores() -> None:
    """Keep each worker to its share of the cores: the processes of a network in Lava take turns, and waking one on another core
    costs more than it gains (two workers on two cores: three quarters of the time).
    """
    if not hasattr(os, "sched_setaffinity"):  # only Linux has it
        return
    cores = sorted(os.sched_getaffinity(0))
    count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1))
    if count <= len(cores):
        os.sched_setaffinity(0, cores[int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])::count])


def pytest_ignore_collect(collection_path, config):
    part = config.getoption("--torch")
    if part is None or not collection_path.match("test_*.py"):
        return None
    names_torch = ON_TORCH.search(collection_path.read_text(encoding="utf-8")) is not None
    return True if names_torch != (part == "with") else None


def pytest_configure(config):
    take_cores()
    folder = config.getoption("--data")
    if folder and not Path(folder).is_dir():
        raise pytest.UsageError(f"--data {folder}: not a folder")


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--data"):
        for item in items:
            if item.get_closest_marker("data"):
                item.add_marker(pytest.mark.skip(reason=ABSENT))


def pytest_collection_finish(session):
    session.config.stash[FOUND_TORCH] = "torch" in sys.modules
    gc.freeze()  # what was imported stays: no process of a network looks through it again


@pytest.fixture(scope="session")
def data_folder(pytestconfig) -> Path:
    """The folder of --data; only for tests marked `data`."""
    return Path(pytestconfig.getoption("--data"))


@pytest.fixture
def found_torch(pytestconfig) -> bool:
    """Whether PyTorch was there when the part of the suite that should not need it had been collected."""
    if pytestconfig.getoption("--torch") != "without":
        pytest.skip("asked of the part of the suite without PyTorch only (--torch=without)")
    return pytestconfig.stash[FOUND_TORCH]
