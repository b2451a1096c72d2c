"""`lava-opzo sweep`: one experiment over seeds and parameters, here or on a cluster, with mean and spread in one table."""
from pathlib import Path
from typing import Annotated

from typer import Argument, Exit, Option

from lava_opzo.cli.options import AsJson, Engine


def sweep(
    file: Annotated[Path | None, Argument(help="TOML file of an experiment with a table named sweep (docs/sweeps.md)")] = None,
    out: Annotated[Path | None, Option(help="sweep folder, gone on with if it exists; default runs/sweep-<n>")] = None,
    jobs: Annotated[int | None, Option(min=1, help="members at a time; default 1 here, no limit with --slurm")] = None,
    engine: Engine = "twin",
    slurm: Annotated[bool, Option("--slurm", help="submit to SLURM through submitit, or collect what was submitted")] = False,
    slurm_option: Annotated[list[str] | None, Option(help="KEY=VALUE, as in partition=NAME; may be repeated")] = None,
    no_wait: Annotated[bool, Option("--no-wait", help="with --slurm: leave the jobs running; the same command collects")] = False,
    show: Annotated[Path | None, Option(help="print the table of this sweep folder and run nothing")] = None,
    as_json: AsJson = False,
) -> None:
    """Run a grid of parameters times seeds, a run folder each. Exit code 1 if a member failed, 130 after Ctrl-C."""
    from lava_opzo.cli.output import answer
    from lava_opzo.engines import registry
    from lava_opzo.errors import DIFFERENCE, INTERRUPTED, UserError
    from lava_opzo.runs.folder import RunFolder
    from lava_opzo.sweep import grid, run, table
    from lava_opzo.sweep.folder import SweepFolder

    if (slurm_option or no_wait) and not slurm:
        raise UserError("sweep: --slurm-option and --no-wait belong to --slurm; add it, or leave them out")
    if (file is None) == (show is None):
        raise UserError("sweep: give either a FILE to run or --show DIR to print")
    if file is None:
        content = table.summary(SweepFolder.open(show or Path()))
        table.render(content)
        answer(content)
        return
    chosen = grid.load(file)
    for member in chosen.members:
        registry.check(engine, member.experiment.number, member.experiment.network)
    target = "; ".join(sorted({registry.first_line(engine, member.experiment.number) for member in chosen.members}))
    print(target, flush=True)
    folder = run.prepared(out or RunFolder.next_free("runs", "sweep"), chosen)
    print(f"sweep folder {folder.path}: {len(folder.sweep.members)} members, {len(run.left(folder))} to run", flush=True)
    if slurm:
        interrupted = run.run_on_cluster(folder, engine, slurm_option or [], jobs, not no_wait, print)
    else:
        interrupted = run.run_here(folder, engine, jobs or 1)
    content = table.summary(folder)
    table.write(folder, content)
    table.render(content)
    if folder.jobs.exists():
        print(f"jobs are left on the cluster; collect them with: lava-opzo sweep {file} --out {folder.path} --slurm")
    elif interrupted:
        print(f"interrupted; go on with: lava-opzo sweep {file} --out {folder.path} --jobs {jobs or 1}")
    answer({"target": target, "interrupted": interrupted, **content})
    if interrupted:
        raise Exit(INTERRUPTED)
    if any(row["status"] == "failed" for row in content["members"]):
        raise Exit(DIFFERENCE)
