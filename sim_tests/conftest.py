"""Options of the suite: where real recordings are, how many threads a process takes, and that no example has a deadline."""
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


def pytest_configure(config):
    folder = config.getoption("--data")
    if folder and not Path(folder).is_dir():
        raise pytest.UsageError(f"--data {folder}: not a folder")


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--data"):
        for item in items:
            if item.get_closest_marker("data"):
                item.add_marker(pytest.mark.skip(reason=ABSENT))


@pytest.fixture(scope="session")
def data_folder(pytestconfig) -> Path:
    """The folder of --data; only for tests marked `data`."""
    return Path(pytestconfig.getoption("--data"))
