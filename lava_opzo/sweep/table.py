"""What a sweep came to: one row a member, one row a combination of parameters, read from its folder."""
import csv
import io
import json
from typing import Any

import numpy as np

from lava_opzo.engines import touches
from lava_opzo.files.whole import write_whole
from lava_opzo.sweep.folder import SweepFolder
from lava_opzo.sweep.grid import Member

STATISTICS = ("mean", "std", "min", "max")

WIDTH_WITHOUT_TERMINAL = 160


def summary(folder: SweepFolder) -> dict[str, Any]:
    """`{"sweep": path, "members": [...], "groups": [...]}`.

    A member: name, run, parameters, seed, status (done, failed or unfinished), test_accuracy, rail_touches, reason, log.
    A group: combination, parameters, members (how many there are), done (how many of them), and of those mean, std (over n - 1),
    min and max of the test accuracy (a share, None where there is none) and rail_touches.
    rail_touches: sums, None where they were not counted.
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
    text = io.StringIO()
    names = list(content["groups"][0]["parameters"])
    numbers = ("members", "done", *STATISTICS, "rail_touches")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["combination", *names, *numbers])
    for group in content["groups"]:
        writer.writerow([group["combination"], *group["parameters"].values(), *(group[name] for name in numbers)])
    write_whole(folder.path / "sweep.csv", text.getvalue().encode())


def render(content: dict[str, Any]) -> None:
    """Print the groups as a table, then the members that failed or are not finished."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    names = list(content["groups"][0]["parameters"])
    view = Table("", *names, box=SIMPLE)
    for name in ("seeds", "test % mean", "std", "min", "max", "rail touches"):
        view.add_column(name, justify="right")
    for group in content["groups"]:
        n = str(group["done"]) if group["done"] == group["members"] else f"{group['done']} of {group['members']}"
        shares = ["-" if group[name] is None else f"{100 * group[name]:.2f}" for name in STATISTICS]
        view.add_row(f"p{group['combination']}", *map(str, group["parameters"].values()), n, *shares,
                     touches.text(group["rail_touches"]))
    terminal = Console(highlight=False, markup=False)
    console = terminal if terminal.is_terminal else Console(highlight=False, markup=False, width=WIDTH_WITHOUT_TERMINAL)
    console.print(view)
    for row in content["members"]:
        if row["status"] == "failed":
            print(f"failed: {row['name']}: {row['reason']} (log: {row['log']})")
    unfinished = [row["name"] for row in content["members"] if row["status"] == "unfinished"]
    if unfinished:
        print(f"not finished: {len(unfinished)} of {len(content['members'])} members, the first of them {unfinished[0]}")


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
        "mean": float(shares.mean()) if shares.size else None,
        "std": float(shares.std(ddof=1)) if shares.size > 1 else None,
        "min": float(shares.min()) if shares.size else None,
        "max": float(shares.max()) if shares.size else None,
        "rail_touches": None if None in touched else sum(touched),
    }
