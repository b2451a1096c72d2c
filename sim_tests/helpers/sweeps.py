"""Sweeps over a tiny run, and what their members must come to."""
from pathlib import Path

import numpy as np

from lava_opzo.experiment.samples import load_data
from lava_opzo.runs import checkpoint, compare, start
from lava_opzo.runs.folder import RunFolder
from lava_opzo.sweep import table
from lava_opzo.sweep.folder import SweepFolder
from lava_opzo.sweep.grid import Member
from sim_tests.helpers.tiny_run import write_tiny_run


def write_sweep(folder: Path, text: str, **options) -> Path:
    """A sweep file over a tiny run; text: of its [sweep] table; options: of `write_tiny_run`."""
    write_tiny_run(folder, **options)
    (folder / "sweep.toml").write_text(f'base = "tiny.toml"\n[sweep]\n{text}')
    return folder / "sweep.toml"


def alone(folder: Path, member: Member) -> dict[str, np.ndarray]:
    """The arrays of the member's experiment, trained in one go outside any sweep."""
    path = folder / "alone" / member.name
    if not path.exists():
        start.start(member.experiment, load_data(member.experiment), RunFolder.create(path, member.experiment),
                    lambda progress, text: None, "twin")
    return checkpoint.load(RunFolder(path).checkpoint)[1].arrays


def differing(folder: Path, sweep_folder: SweepFolder) -> list[tuple[str, str]]:
    """Arrays of all members that are not those of the same run alone."""
    return [(member.name, name) for member in sweep_folder.sweep.members for name in compare.differing(
        checkpoint.load(sweep_folder.run(member).checkpoint)[1].arrays, alone(folder, member))]


def statuses(sweep_folder: SweepFolder) -> dict[str, str]:
    """Member -> done, failed or unfinished."""
    return {row["name"]: row["status"] for row in table.summary(sweep_folder)["members"]}
