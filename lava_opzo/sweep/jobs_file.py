"""Which jobs a cluster has of a sweep: jobs.json, and the folder in which submitit keeps their files.

submitit writes pickled functions and results, and a pickle runs whatever is in it. Here none is ever read: a job tells how it
ended by files of JSON. What the jobs themselves read lies in a folder made anew for every submission, that only its owner can
write to.
"""
import json
import os
import re
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from lava_opzo.errors import UserError, shown
from lava_opzo.files.json_lines import parsed
from lava_opzo.files.reading import read_bytes
from lava_opzo.files.system import told
from lava_opzo.files.whole import write_whole

OLD = "jobs.pkl"
"""What version 0.1 named them in."""

FOLDER = re.compile(r"cluster-[0-9a-f]{8}")
JOB = re.compile(r"[0-9]{1,20}(_[0-9]{1,10})?")

LARGEST = 1 << 24
"""More bytes than the jobs of any sweep take."""

PRIVATE = 0o700


@dataclass(frozen=True)
class Submitted:
    """folder: name of submitit's folder in the sweep folder. cluster: submitit's name for it. jobs: member -> job number."""

    folder: str
    cluster: str
    jobs: dict[str, str]


def refuse_old(owner: str, folder: Path) -> None:
    """Raise UserError where a sweep folder has the file of version 0.1, which is never read."""
    if os.path.lexists(folder / OLD):
        raise UserError(f"{owner}: {OLD} is of version 0.1 and is never read, as a pickle can run anything; cancel its jobs with "
                        f"scancel, then remove {folder / OLD}")


def make_folder(owner: str, folder: Path) -> Path:
    """A new folder for one submission, which only its owner can use. Raises UserError that begins with `owner`."""
    path = folder / f"cluster-{secrets.token_hex(4)}"
    with told(f"{owner}: {path.name} cannot be made"):
        path.mkdir(PRIVATE)
        path.chmod(PRIVATE)
    check_folder(owner, path)
    return path


def check_folder(owner: str, path: Path) -> None:
    """Raise UserError for a folder that somebody else may have written to, before anything in it is used."""
    with told(f"{owner}: {path.name} cannot be read"):
        found = os.lstat(path)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise UserError(f"{owner}: {path.name} is not a folder that only its owner, you, can use; cancel its jobs with scancel, "
                        f"then remove it and jobs.json")


def write(path: Path, submitted: Submitted) -> None:
    """Keep what was submitted; without jobs, remove the file. Raises UserError where the disk refuses."""
    if submitted.jobs:
        write_whole(path, (json.dumps(submitted.__dict__, indent=2) + "\n").encode())
        return
    with told(f"{path}: cannot be removed"):
        path.unlink(missing_ok=True)


def read(owner: str, path: Path, members: set[str], clusters: set[str]) -> Submitted | None:
    """What was submitted, None where nothing is. members, clusters: the names that can be in it.

    Raises UserError that begins with `owner` for a file that this program did not write so.
    """
    if not os.path.lexists(path):
        return None
    record = parsed(read_bytes(owner, path, LARGEST)) or {}
    folder, cluster, jobs = record.get("folder"), record.get("cluster"), record.get("jobs")
    if record.keys() != {"folder", "cluster", "jobs"} or not (
            isinstance(folder, str) and FOLDER.fullmatch(folder) and isinstance(cluster, str) and cluster in clusters
            and isinstance(jobs, dict) and jobs and all(isinstance(job, str) and JOB.fullmatch(job) for job in jobs.values())):
        raise UserError(f"{owner}: {path.name} is damaged; look for its jobs with squeue, cancel them, then remove it")
    unknown = sorted(jobs.keys() - members)
    if unknown:
        raise UserError(f"{owner}: {path.name} names {shown(unknown[0])}, which is no member; look for its jobs with squeue, "
                        "cancel them, then remove it")
    check_folder(owner, path.parent / folder)
    return Submitted(folder, cluster, jobs)
