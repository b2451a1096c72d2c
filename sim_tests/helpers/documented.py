"""What the texts of the project tell a user to type: fenced blocks, and commands in the running text."""
import re
import shlex
from pathlib import Path
from typing import Any, NamedTuple

import typer

from lava_opzo.cli.app import application

ROOT = Path(__file__).parents[2]
TEXTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
TUTORIALS = sorted((ROOT / "tutorials").glob("*.py"))


class Block(NamedTuple):
    """A fenced block. page: file name. line: of its first line. language: empty where it has none."""

    page: str
    line: int
    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    """All fenced blocks of a text in their order."""
    found, opened = [], None
    for number, line in enumerate(page.read_text().splitlines(), 1):
        fence = re.match(r"\s*```(\w*)\s*$", line)
        if fence and opened is None:
            opened, body = (number + 1, fence[1]), []
        elif fence:
            found.append(Block(page.name, *opened, "".join(f"{one}\n" for one in body)))
            opened = None
        elif opened is not None:
            body.append(line)
    assert opened is None, f"{page}: the block at line {opened} has no end"
    return found


def shell_lines(page: Path) -> list[str]:
    """The lines of all blocks `sh` of a text, without comments."""
    lines = [line for block in blocks(page) if block.language == "sh" for line in block.text.splitlines()]
    return [bare for line in lines if (bare := re.sub(r"(^|\s+)#.*", "", line).strip())]


def spans(page: Path) -> list[str]:
    """The code in the running text, outside of blocks."""
    text = re.sub(r"^\s*```.*?^\s*```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", re.sub(r"^# ", "", text, flags=re.MULTILINE))]


def taken(words: list[str]) -> dict[str, Any]:
    """The values that `lava-opzo` with these words gives its command, which does not run; raises where it is not taken."""
    command = typer.main.get_command(application()).commands[words[0]]
    return command.make_context(words[0], list(words[1:])).params


def unknown(command: str) -> list[str]:
    """Of `lava-opzo ...` in a text with words in the place of values: the command or the options that there are not."""
    words = [word for word in shlex.split(re.sub(r"[\[\]]", " ", command).split(" > ")[0]) if word.strip(".")]
    commands = typer.main.get_command(application()).commands
    if len(words) < 2 or words[1].startswith("-"):
        return [word for word in words[1:] if word not in ("--help", "--version", "--install-completion")]
    if words[1] not in commands:
        return [words[1]]
    options = {option for one in commands[words[1]].params for option in (*one.opts, *one.secondary_opts)} | {"--help"}
    return [word for word in words[2:] if word.startswith("-") and word.split("=")[0] not in options]
