"""A running training saves every 10 s, and less often where that would cost more than 2 % of its time."""
import pytest

from lava_opzo.runs.pace import Pace


def simulated(cost, seconds, step=0.25):
    """(saves, share of the time they took) of a training that is asked every `step` seconds; cost: seconds a save."""
    now, saves = [0.0], 0
    pace = Pace(lambda: now[0])
    with pace.saving():  # the start state
        now[0] += cost
    while now[0] < seconds:
        if pace.due:
            saves += 1
            with pace.saving():
                now[0] += cost
        now[0] += step
    return saves, saves * cost / now[0]


@pytest.mark.parametrize("cost", [0.0, 0.001, 0.1, 0.19])
def test_a_cheap_save_is_made_every_ten_seconds(cost):
    saves, share = simulated(cost, 1000)
    assert 1000 / (10 + cost + 0.25) - 1 <= saves <= 100 and share < 0.02


@pytest.mark.parametrize("cost", [0.5, 2.0, 30.0])
def test_a_dear_save_takes_at_most_two_percent_of_the_time_and_is_still_made(cost):
    saves, share = simulated(cost, 10_000)
    assert saves >= 5 and share <= 0.0205


def test_what_a_save_cost_counts_from_its_end():
    now = [0.0]
    pace = Pace(lambda: now[0])
    with pace.saving():
        now[0] = 1.0
    now[0] = 50.9
    assert not pace.due
    now[0] = 51.0
    assert pace.due
