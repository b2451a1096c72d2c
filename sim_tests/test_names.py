"""Names that have one home, and names in texts that lead somewhere."""
import ast
import re
from functools import cache

import pytest
import tomli

from mutants.equivalent import EQUIVALENT
from mutants.mutate import mutants
from scripts.imports import ROOT

FOLDERS = ("lava_opzo", "process_models", "deploy", "sim_tests", "benchmarks", "mutants", "scripts", "docs", "examples",
           "tutorials")
CODE = sorted(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))
TEXTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
HOME = ROOT / "lava_opzo" / "network" / "connections.py"
ENTRY_POINTS = ("lava_opzo.datasets",)
"""Groups of entry points: dotted, but no modules."""

DOTTED = re.compile(rf"(?<![\w./-])((?:{'|'.join(FOLDERS)})(?:\.\w+)+)(?![\w/]|\.\w)")
PATHS = re.compile(rf"(?<![\w./-])((?:{'|'.join(FOLDERS)})/[\w./*-]*\w)")
LINKS = re.compile(r"\]\(([^)#:]+)\)")
COMPOSED = re.compile(r"(?:^|\W)(?:hidden|aux|W|M|A)$")


def test_every_mutant_that_is_called_equivalent_still_exists():
    made = {file: {mutant.before for mutant in mutants((ROOT / file).read_text())} for file in EQUIVALENT}
    assert [(file, before) for file, reasons in EQUIVALENT.items() for before in reasons if before not in made[file]] == []


@cache
def trees():
    return [(file.relative_to(ROOT), ast.parse(file.read_text())) for file in CODE]


def test_names_of_populations_and_connections_are_composed_in_one_file():
    elsewhere = [(file, tree) for file, tree in trees() if file != HOME.relative_to(ROOT) and file.parts[0] != "sim_tests"]
    found = [f"{file}:{node.lineno}" for file, tree in elsewhere
             for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
             for part, value in zip(node.values, node.values[1:], strict=False)
             if isinstance(value, ast.FormattedValue) and isinstance(part, ast.Constant) and COMPOSED.search(part.value)]
    assert found == []


def test_no_module_asks_which_engine_it_has():
    found = [f"{file}:{node.lineno}" for file, tree in trees() if file.parts[0] != "sim_tests"
             for node in ast.walk(tree) if isinstance(node, ast.Compare) and "engine" in ast.unparse(node.left).split(".")[-1]
             for other in node.comparators
             for one in (other.elts if isinstance(other, (ast.Tuple, ast.List, ast.Set)) else [other])
             if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    assert found == []


def test_files_have_at_most_250_lines():
    assert [f"{file.relative_to(ROOT)}: {n} lines" for file in CODE if (n := len(file.read_text().splitlines())) > 250] == []


def test_nothing_is_imported_from_a_test_file():
    modules = {file.stem for file in CODE if file.stem.startswith("test_")}
    imports = [(file, node) for file, tree in trees() for node in ast.walk(tree)
               if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert [f"{file}:{node.lineno}" for file, node in imports if modules & set(re.findall(r"\w+", ast.unparse(node)))] == []


def test_every_marker_is_used_by_a_test():
    markers = tomli.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]["markers"]
    tests = "".join(file.read_text() for file in CODE if file.parts[-1].startswith("test_"))
    assert [name for marker in markers if f"pytest.mark.{(name := marker.split(':')[0])}" not in tests] == []


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_dotted_names_paths_and_links_in_texts_lead_somewhere(text):
    source = text.read_text()
    lost = [name for name in DOTTED.findall(source) if name not in ENTRY_POINTS and not resolves(name)]
    lost += [path for path in PATHS.findall(source) if not any(ROOT.glob(path))]
    lost += [link for link in LINKS.findall(source) if not (text.parent / link).exists()]
    assert lost == []


def resolves(name: str) -> bool:
    """Whether a dotted name is a module, or a module-level name of one, with or without an attribute after it."""
    parts = name.split(".")
    for n in range(len(parts), 0, -1):
        for file in (ROOT.joinpath(*parts[:n]).with_suffix(".py"), ROOT.joinpath(*parts[:n], "__init__.py")):
            if file.is_file():
                return n == len(parts) or parts[n] in defined(ast.parse(file.read_text()))
    return ROOT.joinpath(*parts).is_dir()


def defined(tree: ast.Module) -> set[str]:
    """The names that a module defines or imports at its top, and the entries of its `__all__`."""
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
            if "__all__" in names and isinstance(node.value, (ast.List, ast.Tuple)):
                names |= {one.value for one in node.value.elts if isinstance(one, ast.Constant)}
    return names
