"""A whole sweep: what is left of it, by local processes or a cluster's jobs, to the end or to the first interrupt."""
import os
import time
from collections.abc import Callable
from pathlib import Path

from lava_opzo.errors import UserError
from lava_opzo.runs.interrupt import stop_at_first_interrupt
from lava_opzo.sweep import data, jobs_file
from lava_opzo.sweep.cluster import Jobs
from lava_opzo.sweep.display import SweepDisplay
from lava_opzo.sweep.folder import DEFINITION, SweepFolder
from lava_opzo.sweep.grid import Member, Sweep
from lava_opzo.sweep.local import Processes


def prepared(path: str | Path, sweep: Sweep) -> SweepFolder:
    """The folder of a sweep, new or gone on with, once the data of all members that are not done are there and fit.

    Raises UserError as `SweepFolder.create` and `lava_opzo.sweep.data.check` do; no folder is made then.
    """
    begun = os.path.lexists(Path(path) / DEFINITION)
    if not begun:
        data.check(sweep.members)
    folder = SweepFolder.create(path, sweep)
    if begun:
        data.check(left(folder))
    return folder


def left(folder: SweepFolder) -> list[Member]:
    """The members that are not done."""
    return [member for member in folder.sweep.members if folder.outcome(member) is None]


def run_here(folder: SweepFolder, engine: str, jobs: int) -> bool:
    """Run what is left in `jobs` processes at a time; whether it was interrupted. The members that run then save and end.

    Raises UserError where jobs of a cluster hold the folder, or another sweep does.
    """
    jobs_file.refuse_old(folder.owner, folder.path)
    if os.path.lexists(folder.jobs):
        raise UserError(f"{folder.owner}: jobs of a cluster hold its members; collect them with --slurm first "
                        f"(or remove {folder.jobs} once they are cancelled)")
    with folder.locked() as lock:
        members = left(folder)
        with stop_at_first_interrupt() as should_stop, Processes(folder, members, engine, jobs, lock) as processes:
            return _watch(processes, folder, members, should_stop)


def run_on_cluster(folder: SweepFolder, engine: str, options: list[str], at_once: int | None, wait: bool,
                   say: Callable[[str], None], cluster: str = "slurm") -> bool:
    """Submit what is left, or go on watching the jobs of an earlier call; whether it was interrupted.

    options, at_once, cluster: as in `Jobs.submit`. wait: watch until all have ended. say: prints a line. An interrupt ends only
    the watching: the jobs go on, as they do without `wait`; what is being submitted is kept first, so that none is forgotten.
    Raises UserError as `Jobs.submit` does.
    """
    with stop_at_first_interrupt() as should_stop, folder.locked():
        jobs, members = Jobs(folder), left(folder)
        if not jobs.busy and members:
            jobs.submit(members, engine, options, at_once, cluster)
        say(f"jobs: {', '.join(jobs.ids) or 'none'}")
        if wait:
            return _watch(jobs, folder, members, should_stop)
        jobs.step()
        return False


def _watch(pool: Processes | Jobs, folder: SweepFolder, members: list[Member], should_stop: Callable[[], bool]) -> bool:
    """Until a pool of members (`Processes` or `Jobs`) has ended, or an interrupt stopped it; whether one did."""
    stopping = False
    with SweepDisplay(folder, members) as display:
        while pool.busy:
            if should_stop() and not stopping:
                stopping = True
                pool.stop()
            for member in pool.step():
                display.ended(member)
            display.show(pool.running)
            time.sleep(pool.poll_seconds)
    return stopping
