"""Whatever sweep loads also saves, and loads again to the same members."""
from hypothesis import HealthCheck, given, settings

from lava_opzo.sweep.grid import Sweep, dumps, loads
from sim_tests.helpers import strategies

QUICK = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def of(sweep: Sweep) -> list[tuple]:
    return [(member.name, member.combination, member.parameters, member.seed, member.experiment) for member in sweep.members]


@QUICK
@given(strategies.sweeps())
def test_a_sweep_that_was_written_is_read_as_the_same_base_grid_and_members(sweep):
    again = loads(dumps(sweep))
    assert (again.base, again.grid, of(again)) == (sweep.base, sweep.grid, of(sweep))
    assert dumps(again) == dumps(sweep)
    assert len({member.name for member in again.members}) == len(again.members)
