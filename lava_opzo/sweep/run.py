"""A whole sweep: what is left of it, by local processes or a cluster's jobs, to the end or to the first interrupt."""
import time
from collections.abc import Callable

from lava_opzo.errors import UserError
from lava_opzo.runs.interrupt import stop_at_first_interrupt
from lava_opzo.sweep import table
from lava_opzo.sweep.cluster import Jobs
from lava_opzo.sweep.display import SweepDisplay
from lava_opzo.sweep.folder import SweepFolder
from lava_opzo.sweep.grid import Member
from lava_opzo.sweep.local import Processes


def left(folder: SweepFolder) -> list[Member]:
    """The members that are not done."""
    rows = table.summary(folder)["members"]
    return [member for member, row in zip(folder.sweep.members, rows, strict=True) if row["status"] != "done"]


def run_here(folder: SweepFolder, engine: str, jobs: int) -> bool:
    """Run what is left in `jobs` processes at a time; whether it was interrupted. The members that run then save and end.

    Raises UserError where jobs of a cluster hold the folder, or another sweep does.
    """
    if folder.jobs.exists():
        raise UserError(f"sweep folder {folder.path}: jobs of a cluster hold its members; collect them with --slurm first "
                        f"(or remove {folder.jobs} once they are cancelled)")
    with folder.locked() as lock:
        members = left(folder)
        with Processes(folder, members, engine, jobs, lock) as processes:
            return _watch(processes, folder, members)


def run_on_cluster(folder: SweepFolder, engine: str, options: list[str], at_once: int | None, wait: bool,
                   say: Callable[[str], None], cluster: str = "slurm") -> bool:
    """Submit what is left, or go on watching the jobs of an earlier call; whether it was interrupted.

    options, at_once, cluster: as in `Jobs.submit`. wait: watch until all have ended. say: prints a line. An interrupt ends only
    the watching: the jobs go on, as they do without `wait`. Raises UserError as `Jobs.submit` does.
    """
    with folder.locked():
        jobs, members = Jobs(folder), left(folder)
        if not jobs.busy and members:
            jobs.submit(members, engine, options, at_once, cluster)
        say(f"jobs: {', '.join(jobs.ids) or 'none'}")
        if wait:
            return _watch(jobs, folder, members)
        jobs.step()
        return False


def _watch(pool: Processes | Jobs, folder: SweepFolder, members: list[Member]) -> bool:
    """Until a pool of members (`Processes` or `Jobs`) has ended, or an interrupt stopped it; whether one did."""
    stopping = False
    with stop_at_first_interrupt() as should_stop, SweepDisplay(folder, members) as display:
        while pool.busy:
            if should_stop() and not stopping:
                stopping = True
                pool.stop()
            for member in pool.step():
                display.ended(member)
            display.show(pool.running)
            time.sleep(pool.poll_seconds)
    return stopping
