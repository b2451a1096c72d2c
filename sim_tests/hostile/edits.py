"""Every key of every text that lava-opzo reads is removed, renamed, doubled and given values that it should not have."""
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import tomli

from sim_tests.hostile.documents import Edit, json_edits, toml_edits
from sim_tests.hostile.ended import Ended
from sim_tests.hostile.jobs import NO_ANSWER, READERS, UNCHECKED
from sim_tests.hostile.prepared import Prepared
from sim_tests.hostile.standard import Damage, damaged
from sim_tests.hostile.trial import Trial

KIND = "edits"

Edits = Callable[[str], Iterator[tuple[str, Edit]]]


def trials(prepared: Prepared) -> Iterator[Trial]:
    """Every edit of every text of the house, for every command that reads it."""
    for path, jobs in READERS.items():
        edits = _edits_of(path)
        if edits is None or not (prepared.house / path).exists():
            continue
        for job in dict.fromkeys(jobs):
            for what, edit in edits(_text(prepared.house / path)):
                check = _as_the_file_says if job.name == "train" and path == "tiny.toml" else None
                yield damaged(KIND, job, f"{path}: {what}", _edited(path, edit), check=check,
                              other_bits=path.startswith(UNCHECKED), other_answer=path.endswith(NO_ANSWER))


def _edits_of(path: str) -> Edits | None:
    if path.endswith(".toml"):
        return toml_edits
    if path.endswith((".json", ".failed", ".safetensors")):
        return json_edits
    return _line_edits if path.endswith(".jsonl") else None


def _line_edits(text: str) -> Iterator[tuple[str, Edit]]:
    """Edits of one line of each kind of record."""
    lines, seen = text.splitlines(keepends=True), set()
    for number, line in enumerate(lines):
        kind = json.loads(line)["kind"]
        if kind not in seen:
            seen.add(kind)
            for what, edit in json_edits(line):
                yield f"line {number + 1}: {what}", _in_line(number, edit)


def _in_line(number: int, edit: Edit) -> Edit:
    def edited(text: str) -> str:
        lines = text.splitlines(keepends=True)
        lines[number] = edit(lines[number]) + "\n"
        return "".join(lines)

    return edited


def _text(file: Path) -> str:
    content = file.read_bytes()
    return header(content).decode() if file.suffix == ".safetensors" else content.decode()


def header(content: bytes) -> bytes:
    """The JSON at the beginning of a safetensors file, behind eight bytes with its length."""
    return content[8:8 + int.from_bytes(content[:8], "little")]


def _edited(path: str, edit: Edit) -> Damage:
    def damage(folder: Path, rng: random.Random) -> None:
        file = folder / path
        if file.suffix == ".safetensors":
            content = file.read_bytes()
            old = header(content)
            new = edit(old.decode()).encode()
            file.write_bytes(len(new).to_bytes(8, "little") + new + content[8 + len(old):])
        else:
            file.write_bytes(edit(file.read_text()).encode())

    return damage


def _as_the_file_says(folder: Path, ended: Ended) -> str:
    """Whether the run that was trained has every value of its config: none was ignored or changed."""
    wanted = tomli.loads((folder / "tiny.toml").read_text())
    found = tomli.loads((folder / "new" / "config.toml").read_text())
    return _missing(wanted, found, "")


def _missing(wanted: Any, found: Any, name: str) -> str:
    if isinstance(wanted, dict) and isinstance(found, dict):
        return next(filter(None, (_missing(value, found.get(key), f"{name}.{key}") for key, value in wanted.items())), "")
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        return next(filter(None, map(_missing, wanted, found, [f"{name}[]"] * len(wanted))), "")
    same = type(wanted) is type(found) and wanted == found or {type(wanted), type(found)} == {int, float} and wanted == found
    return "" if same else f"config{name} = {wanted!r} was trained as {found!r}"


