"""The hook of mkdocs.yml: every page that is no file of docs, and links that lead to the right place in the site.

README, CHANGELOG and CONTRIBUTING become pages, tutorials are shown as text and code, the reference is made from docstrings
(scripts/site_reference.py), and a source file that a page links to becomes a page of its own.
"""
import os
import re
from pathlib import Path, PurePosixPath
from typing import Any

from py_percent import cells  # mkdocs puts the folder of a hook on the path
from site_reference import reference

ROOT = Path(__file__).resolve().parent.parent
OUTSIDE = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""Texts at the root of the project -> pages."""

WIDE = ".md-grid { max-width: 84rem; }\n"
"""Style: room for lines of code of 130 characters."""

LINK = re.compile(r"(?<=\]\()([^)#:\s]+)(?=(?:#[^)\s]*)?\))")
"""The path in a link or picture of Markdown, where it is not an address."""

MENTIONED = re.compile(r"(?<![\w/(\[`])(`?)((?:docs|examples)/\w+\.\w+|CONTRIBUTING\.md)\1(?![\w`])")
"""A file in the running text of a tutorial, whose text is no Markdown to its reader and has no links."""

CODE_IN_TABLE = re.compile(r"`[^`]*`")


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that are made to the files of docs."""
    from mkdocs.structure.files import File

    made = {page: (ROOT / path).read_text() for path, page in OUTSIDE.items()}
    made |= {place(f"tutorials/{file.name}"): notebook(file.read_text()) for file in (ROOT / "tutorials").glob("*.py")}
    texts = {page.src_uri: page.content_string for page in files.documentation_pages()} | made
    made |= {page: source(path) for path, page in linked_sources(texts).items()} | reference()
    for page, text in {**made, "wide.css": WIDE}.items():
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """What Markdown here reads otherwise than where the texts are usually read: links, and bars in the code of a table."""
    return "\n".join(CODE_IN_TABLE.sub(lambda code: code.group().replace("\\|", "|"), line) if line.startswith("|") else line
                     for line in linked(markdown, page.file.src_uri).split("\n"))


def place(path: str) -> str:
    """Where a file of the project, as `docs/board.md`, is in the site."""
    if path in OUTSIDE:
        return OUTSIDE[path]
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    return str(PurePosixPath(path).with_suffix(".md")) if path.startswith("tutorials/") else f"source/{path}.md"


def origin(page: str) -> str:
    """The file of the project that a page shows; the inverse of `place`, but for pages that show none."""
    outside = {made: path for path, made in OUTSIDE.items()}
    if page.startswith("tutorials/"):
        return str(PurePosixPath(page).with_suffix(".py"))
    return outside.get(page, page.removeprefix("source/").removesuffix(".md") if page.startswith("source/") else f"docs/{page}")


def target(page: str, link: str) -> str | None:
    """The file of the project that a link in a page leads to; None where there is none."""
    path = os.path.normpath(os.path.join(os.path.dirname(origin(page)), link))
    return path if (ROOT / path).is_file() else None


def linked(text: str, page: str) -> str:
    """A page's text with its links as they have to be in the site. A link that leads nowhere stays, and mkdocs refuses it."""
    def moved(link: re.Match[str]) -> str:
        path = target(page, link.group())
        return link.group() if path is None else os.path.relpath(place(path), os.path.dirname(page) or ".")

    return LINK.sub(moved, text)


def linked_sources(texts: dict[str, str]) -> dict[str, str]:
    """Source file -> its page, for those that these pages (name -> text) link to."""
    found = {path for page, text in texts.items() for link in LINK.findall(text) if (path := target(page, link))}
    return {path: page for path in sorted(found) if (page := place(path)).startswith("source/")}


def source(path: str) -> str:
    """A page that shows a file."""
    language = {".py": "python", ".toml": "toml", ".sh": "sh"}.get(Path(path).suffix, "text")
    return f"# {path}\n\n````{language}\n{(ROOT / path).read_text()}````\n"


def notebook(text: str) -> str:
    """A program in cells (py:percent) as Markdown: text as text with links to the files that it names, code in blocks."""
    parts = []
    for is_words, body in cells(text):
        if is_words:
            words = re.sub(r"^# ?", "", body, flags=re.MULTILINE).strip()
            parts.append(MENTIONED.sub(r"[\1\2\1](../\2)", words))
        else:
            parts.append(f"```python\n{body.strip()}\n```")
    return "\n\n".join(parts) + "\n"
