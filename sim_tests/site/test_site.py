"""The site is built as `make docs` serves it: strictly, so that a broken link, anchor or name fails, and with every page."""
import re
import shutil
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import lava_opzo
from lava_opzo.cli.app import COMMANDS

build = pytest.importorskip("mkdocs.commands.build", reason="mkdocs is not installed: bash scripts/setup.sh docs").build
pytest.importorskip("mkdocstrings", reason="mkdocstrings is not installed: bash scripts/setup.sh docs")

from mkdocs.config import load_config  # noqa: E402  (after what skips this file where it is not installed)
from mkdocs.exceptions import Abort  # noqa: E402

ROOT = Path(__file__).parents[2]


def built(root: Path, site: Path, without_reference: bool = False) -> Path:
    """The site of a checkout. Raises Abort where mkdocs warned of anything.

    without_reference: with empty pages in its place, which takes a quarter of the time.
    """
    config = load_config(str(root / "mkdocs.yml"), site_dir=str(site))
    if without_reference:
        hook = sys.modules["scripts/site_pages.py"]
        pages = hook.reference()
        hook.reference = lambda: dict.fromkeys(pages, "# Empty")
    build(config)
    return site


class Links(HTMLParser):
    """What a page links to and loads, and its anchors."""

    def __init__(self, page: Path):
        super().__init__()
        self.links, self.anchors = [], {""}
        self.feed(page.read_text())

    def handle_starttag(self, tag, attrs):
        self.links += [(tag, value) for name, value in attrs if name in ("href", "src") and value]
        self.anchors |= {value for name, value in attrs if name == "id"}


def test_the_site_is_built_with_all_its_pages_names_and_links(tmp_path):
    """One test, as several processes would build it several times."""
    site = built(ROOT, tmp_path)
    assert lost_links(site) == []
    assert missing_names(site) == []
    for file in (ROOT / "tutorials").glob("*.py"):
        page = (site / "tutorials" / file.stem / "index.html").read_text()
        assert file.read_text().splitlines()[1].removeprefix("# # ") in unescape(page), file
    linked = re.findall(r"\]\((examples/[\w.]+)\)", (ROOT / "README.md").read_text())
    assert linked and all((site / "source" / link / "index.html").is_file() for link in linked)


def lost_links(site: Path) -> list[tuple[Path, str]]:
    """Links that lead to no file or anchor of the site, and what a page loads from elsewhere."""
    pages = {page: Links(page) for page in site.rglob("*.html") if page.name != "404.html"}
    lost = []
    for page, found in pages.items():
        for tag, link in found.links:
            address = urlsplit(link)
            if address.scheme or address.netloc:
                lost += [(page, link)] if tag != "a" else []
                continue
            file = (page.parent / unquote(address.path)).resolve() if address.path else page
            file = file / "index.html" if file.is_dir() else file
            lost += [] if file.is_file() and (file not in pages or address.fragment in pages[file].anchors) else [(page, link)]
    return lost


def missing_names(site: Path) -> list[str]:
    """Public names, commands and Processes that the reference lacks."""
    python, commands, processes = ((site / "reference" / name / "index.html").read_text()
                                   for name in ("python", "commands", "processes"))
    declared = [re.findall(r"^class (\w+)\((?:.*Process|OpzoLayer|OpzoReadout)\)", file.read_text(), re.MULTILINE)
                for file in sorted((ROOT / "process_models").glob("*/process.py"))]
    assert len(declared) > 8 and all(declared)
    assert "runs/&lt;dataset&gt;-&lt;n&gt;" in commands
    return [*(name for name in lava_opzo.__all__ if not re.search(rf'id="lava_opzo\.[\w.]*\b{name}"', python)),
            *(name for name in COMMANDS if f'id="lava-opzo-{name.replace("_", "-")}"' not in commands),
            *(name for names in declared for name in names if f'.{name}"' not in processes)]


@pytest.fixture
def copied(tmp_path):
    """A checkout whose texts can be spoilt; its packages are those of this one."""
    for name in ("docs", "scripts"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("tutorials", "examples", "lava_opzo", "process_models"):
        (tmp_path / name).symlink_to(ROOT / name)
    for file in ("mkdocs.yml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        shutil.copy(ROOT / file, tmp_path)
    return tmp_path


def test_broken_links_and_anchors_fail_the_build_and_each_is_named(copied, caplog):
    spoilt = {"docs/sweeps.md": ("no_page.md", "board.md#no-such-heading"), "README.md": ("examples/no_file.py",)}
    for file, links in spoilt.items():
        with open(copied / file, "a") as text:
            text.write("".join(f"\n\n[nowhere]({link})\n" for link in links))
    with pytest.raises(Abort):
        built(copied, copied / "site", without_reference=True)
    warned = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert len(warned) == 3 and all(any(link in line for line in warned) for links in spoilt.values() for link in links), warned


def test_a_name_that_is_not_there_fails_the_build(copied, caplog):
    (copied / "docs" / "board.md").write_text("# The board\n\n::: lava_opzo.no_such_name\n")
    with pytest.raises(Abort):
        built(copied, copied / "site", without_reference=True)
    assert any("lava_opzo.no_such_name" in record.getMessage() for record in caplog.records if record.levelname == "ERROR")
