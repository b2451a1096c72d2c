"""`lava-opzo sweep`: one experiment over seeds and parameters, here or on a cluster, with mean and spread in one table."""
import sys
from pathlib import Path
from typing import Annotated

from typer import Argument, Context, Exit, Option

from lava_opzo.cli.options import AsJson, Engine


def sweep(
    context: Context,
    file: Annotated[Path | None, Argument(help="TOML file of an experiment with a table named sweep (docs/sweeps.md)")] = None,
    out: Annotated[Path | None, Option(help="sweep folder, gone on with if it exists; default runs/sweep-<n>")] = None,
    jobs: Annotated[int | None, Option(min=1, help="members at a time; default 1 here, no limit with --slurm")] = None,
    engine: Engine = "twin",
    slurm: Annotated[bool, Option("--slurm", help="submit to SLURM through submitit, or collect what was submitted")] = False,
    slurm_option: Annotated[list[str] | None, Option(help="KEY=VALUE, as in partition=NAME; may be repeated")] = None,
    no_wait: Annotated[bool, Option("--no-wait", help="with --slurm: leave the jobs running; the same command collects")] = False,
    show: Annotated[Path | None, Option(help="print the table of this sweep folder and run nothing")] = None,
    layout: Annotated[str | None, Option("--format", help="with --show: md, latex or csv, ready for a paper")] = None,
    best: Annotated[bool, Option("--best", help="with --show: name the combination that is best on validation samples")] = False,
    as_json: AsJson = False,
) -> None:
    """Run a grid of parameters times seeds, a run folder each. Exit code 1 if a member failed, 130 after Ctrl-C."""
    from lava_opzo.cli.given import refuse_all_but
    from lava_opzo.cli.output import answer
    from lava_opzo.engines import registry
    from lava_opzo.errors import DIFFERENCE, INTERRUPTED, UserError
    from lava_opzo.runs.folder import RunFolder
    from lava_opzo.sweep import grid, run, table

    if (slurm_option or no_wait) and not slurm:
        raise UserError("sweep: --slurm-option and --no-wait belong to --slurm; add it, or leave them out")
    if (file is None) == (show is None):
        raise UserError("sweep: give either a FILE to run or --show DIR to print")
    if file is None:
        refuse_all_but(context, "--show", ("show", "layout", "best", "as_json"))
        _show(show or Path(), layout, best, context)
        return
    if layout or best:
        raise UserError("sweep: --format and --best belong to --show DIR; run the sweep first, then show it")
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
    print("\n".join(table.remarks(content)), end="\n" * bool(table.remarks(content)))
    if folder.jobs.exists():
        print(f"jobs are left on the cluster; collect them with: lava-opzo sweep {file} --out {folder.path} --slurm")
    elif interrupted:
        print(f"interrupted; go on with: lava-opzo sweep {file} --out {folder.path} --jobs {jobs or 1}")
    answer({"target": target, "interrupted": interrupted, **content})
    if interrupted:
        raise Exit(INTERRUPTED)
    if any(row["status"] == "failed" for row in content["members"]):
        raise Exit(DIFFERENCE)


def _show(path: Path, layout: str | None, best: bool, context: Context) -> None:
    """The table of a sweep folder as it is; nothing runs."""
    from lava_opzo.cli.given import refuse_beside
    from lava_opzo.cli.output import answer
    from lava_opzo.errors import UserError
    from lava_opzo.sweep import formats, table
    from lava_opzo.sweep.folder import SweepFolder

    if layout is not None:
        refuse_beside(context, "--format", ("as_json", "best"))
        if layout not in formats.FORMATS:
            raise UserError(f"sweep: --format '{layout}' is not one of {', '.join(formats.FORMATS)}; choose one of them")
    content = table.summary(SweepFolder.open(path))
    if layout is not None:
        print(formats.FORMATS[layout](content), end="")
        print("\n".join(table.remarks(content)), end="\n" * bool(table.remarks(content)), file=sys.stderr)
        return
    chosen = table.best(content) if best else None
    table.render(content)
    lines = table.remarks(content) + (table.best_lines(content, chosen) if chosen else [])
    print("\n".join(lines), end="\n" * bool(lines))
    answer(content | ({"best": chosen} if chosen else {}))
