"""What a sweep came to: one row a member, one row a combination of parameters, read from its folder."""
import json
from typing import Any

import numpy as np

from lava_opzo.engines import touches
from lava_opzo.errors import UserError
from lava_opzo.files import terminal
from lava_opzo.files.whole import write_whole
from lava_opzo.sweep import formats
from lava_opzo.sweep.folder import SweepFolder
from lava_opzo.sweep.grid import Member


def summary(folder: SweepFolder) -> dict[str, Any]:
    """`{"sweep": path, "members": [...], "groups": [...]}`.

    A member: name, run, parameters, seed, status (done, failed or unfinished), test_accuracy, rail_touches, reason, log.
    A group: combination, parameters, members (how many there are), done (how many of them), and of those mean, std (over n - 1),
    min and max of the accuracy (a share, None where there is none) and rail_touches.
    measured_on, of both: what the samples of that accuracy are, `test` or `validation`. rail_touches: sums, None where they were
    not counted.
    """
    members_of: dict[int, list[dict[str, Any]]] = {}
    rows = [_row(folder, member) for member in folder.sweep.members]
    for row, member in zip(rows, folder.sweep.members, strict=True):
        members_of.setdefault(member.combination, []).append(row)
    groups = [_group(number, members_of[number]) for number in sorted(members_of)]
    return {"sweep": str(folder.path), "members": rows, "groups": groups}


def write(folder: SweepFolder, content: dict[str, Any]) -> None:
    """The summary as sweep.json, its groups as sweep.csv."""
    write_whole(folder.path / "sweep.json", (json.dumps(content, indent=2) + "\n").encode())
    write_whole(folder.path / "sweep.csv", formats.comma_separated(content).encode())


def best(content: dict[str, Any]) -> dict[str, Any]:
    """The group with the largest mean on validation samples, of those whose members are all done; the first of equal ones.

    Raises UserError where a group was measured on test samples, which must not choose anything, and where none is done.
    """
    owner = f"sweep folder {content['sweep']}"
    tested = next((group for group in content["groups"] if group["measured_on"] != "validation"), None)
    if tested is not None:
        raise UserError(f"{owner}: p{tested['combination']} is measured on test samples, which must not choose anything; sweep "
                        "with validation = N in the table [data.options]")
    done = [group for group in content["groups"] if group["mean"] is not None and group["done"] == group["members"]]
    if not done:
        raise UserError(f"{owner}: no combination has all its members done; go on with it first")
    return max(done, key=lambda group: group["mean"])


def best_lines(content: dict[str, Any], group: dict[str, Any]) -> list[str]:
    """What was chosen, among what, and the command that tests it once, for a person."""
    member = next(row for row in content["members"] if row["parameters"] == group["parameters"])
    values = ", ".join(f"{name} = {value}" for name, value in group["parameters"].items())
    done = sum(one["done"] == one["members"] for one in content["groups"])
    return [f"best by validation of {done} combinations: p{group['combination']}{f' ({values})' if values else ''}, mean "
            f"{100 * group['mean']:.2f} % over {group['done']} seeds",
            f"test it once: lava-opzo train --config {member['run']}/config.toml --validation 0"]


def render(content: dict[str, Any]) -> None:
    """Print the groups as a table."""
    from rich.box import SIMPLE
    from rich.table import Table

    names, rows = formats.cells(content)
    view = Table(box=SIMPLE)
    for number, name in enumerate(names):
        numeric = number > len(content["groups"][0]["parameters"])
        view.add_column(name if number else "", justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        view.add_row(*row)
    terminal.console().print(view)


def remarks(content: dict[str, Any]) -> list[str]:
    """The members that failed or are not finished, in lines."""
    lines = [f"failed: {row['name']}: {row['reason']} (log: {row['log']})" for row in content["members"]
             if row["status"] == "failed"]
    unfinished = [row["name"] for row in content["members"] if row["status"] == "unfinished"]
    if unfinished:
        lines.append(f"not finished: {len(unfinished)} of {len(content['members'])} members, the first of them {unfinished[0]}")
    return lines


def _row(folder: SweepFolder, member: Member) -> dict[str, Any]:
    run, end = folder.run(member), folder.outcome(member)
    failure = None if end else folder.failure(member)
    return {
        "name": member.name,
        "run": str(run.path),
        "parameters": member.parameters,
        "seed": member.seed,
        "status": "done" if end else "failed" if failure else "unfinished",
        "test_accuracy": end["test_accuracy"] if end else None,
        "measured_on": member.experiment.data.measured_on,
        "rail_touches": touches.total(end["rail_touches"]) if end else None,
        "reason": failure["reason"] if failure else None,
        "log": failure["log"] if failure else None,
    }


def _group(number: int, rows: list[dict[str, Any]]) -> dict[str, Any]:
    done = [row for row in rows if row["status"] == "done"]
    touched = [row["rail_touches"] for row in done]
    shares = np.array([row["test_accuracy"] for row in done if row["test_accuracy"] is not None])
    return {
        "combination": number,
        "parameters": rows[0]["parameters"],
        "members": len(rows),
        "done": len(done),
        "measured_on": rows[0]["measured_on"],
        "mean": float(shares.mean()) if shares.size else None,
        "std": float(shares.std(ddof=1)) if shares.size > 1 else None,
        "min": float(shares.min()) if shares.size else None,
        "max": float(shares.max()) if shares.size else None,
        "rail_touches": None if None in touched else sum(touched),
    }
