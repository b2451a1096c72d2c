"""The board's environment variables: read, replaced by a command line, and refused where they contradict each other."""

import pytest

from lava_opzo.deployment.environment import VARIABLES, check, read
from lava_opzo.errors import UserError


def test_only_the_boards_variables_are_read_and_all_are_shown():
    environment = read({"BOARD": "ncl-og-01", "SLURM": "1", "HOME": "/root", "PARTITION": ""})
    assert environment.variables == {"BOARD": "ncl-og-01", "SLURM": "1"}
    assert [name for name, _, _ in environment.rows] == list(VARIABLES)
    assert environment.faults == [] and environment.lava_loihi is False


def test_a_command_line_replaces_the_environment():
    assert read({"PARTITION": "kp"}, partition="oheogulch").variables == {"PARTITION": "oheogulch"}


@pytest.mark.parametrize(
    "variables, words",
    [
        ({"SLURM": "1", "NOSLURM": "1"}, "SLURM=1 and NOSLURM=1 contradict"),
        ({"SLURM": "yes"}, "SLURM='yes' is neither 0 nor 1"),
        ({"BOARD": "a", "PARTITION": "b"}, "BOARD='a' and PARTITION='b' are both set"),
        ({"LOIHI_GEN": "N9"}, "LOIHI_GEN='N9' is not one of N2A2"),
        ({"LOIHI_GEN": "N2A2"}, "is Loihi 1"),
        ({"SLURM": "1", "NXSDKHOST": "10.0.0.1"}, "NXSDKHOST are both set"),
        ({"HOST_BINARY": "x"}, "HOST_BINARY is set without NXSDKHOST"),
    ],
)
def test_a_contradiction_is_one_line_that_names_the_variable(variables, words):
    with pytest.raises(UserError) as error:
        check(read(variables))
    assert words in str(error.value) and len(str(error.value).splitlines()) == 1
