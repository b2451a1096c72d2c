"""Options of the suite: where real recordings are, cores and threads of a process, and that no example has a deadline."""
import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")  # tests run beside each other, and threads that wait for one another spin

settings.register_profile("suite", deadline=None)  # a machine that does something else as well is no fault
settings.load_profile("suite")

ABSENT = "no data folder given (--data DIR or LAVA_OPZO_DATA); docs/datasets.md says what it holds"


def pytest_addoption(parser):
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


def pytest_collection_finish():
    gc.freeze()  # what was imported stays: no process of a network looks through it again


@pytest.fixture(scope="session")
def data_folder(pytestconfig) -> Path:
    """The folder of --data; only for tests marked `data`."""
    return Path(pytestconfig.getoption("--data"))
