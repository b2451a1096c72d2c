"""Which file of the project imports which: every import statement as data, those inside functions too."""
import ast
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("lava_opzo", "process_models", "deploy")
FACE = ("lava_opzo", "lava_opzo.__main__", "lava_opzo.api", "lava_opzo.learner")
"""What a user imports or starts; it stands above everything. The version number of the package may be read from anywhere."""


@dataclass(frozen=True)
class Import:
    """One imported module. importer: dotted name of the file. imported: dotted name, resolved to a file where it is one of ours.

    lazy: whether it stands inside a function. found: False for one of ours that has no file.
    """

    importer: str
    imported: str
    line: int
    lazy: bool
    found: bool = True

    @property
    def ours(self) -> bool:
        """Whether it is a module of the project."""
        return self.imported.split(".")[0] in PACKAGES


def modules(root: Path = ROOT) -> dict[str, Path]:
    """Dotted name -> file of every module of the project."""
    files = sorted(file for package in PACKAGES for file in (root / package).rglob("*.py"))
    return {".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): file for file in files}


def imports(root: Path = ROOT) -> list[Import]:
    """Every import of the project, file by file and line by line."""
    known = modules(root)
    return [found for name, file in known.items() for found in _imports_of(name, ast.parse(file.read_text()), known)]


def folder(module: str) -> str:
    """The entry of the table of floors that a module belongs to, as `engines` or `errors`; `lava_opzo` is the public face."""
    parts = module.split(".")
    return parts[1] if parts[0] == "lava_opzo" and module not in FACE else parts[0]


def folders(root: Path = ROOT) -> dict[str, set[str]]:
    """Folder -> the folders that it imports."""
    found: dict[str, set[str]] = {folder(name): set() for name in modules(root)}
    for one in imports(root):
        if one.ours and folder(one.importer) != folder(one.imported):
            found[folder(one.importer)].add(folder(one.imported))
    return found


def levels(graph: dict[str, set[str]]) -> dict[str, int]:
    """Node -> the length of the longest chain below it, 1 for a node that imports nothing. Raises ValueError for a circle."""
    done: dict[str, int] = {}

    def level(node: str, above: tuple[str, ...]) -> int:
        if node in above:
            raise ValueError("circle of imports: " + " -> ".join((*above[above.index(node):], node)))
        if node not in done:
            done[node] = 1 + max((level(below, (*above, node)) for below in sorted(graph[node])), default=0)
        return done[node]

    for node in graph:
        level(node, ())
    return done


def _imports_of(importer: str, tree: ast.AST, known: dict[str, Path]) -> list[Import]:
    found: list[Import] = []

    def visit(node: ast.AST, lazy: bool) -> None:
        if isinstance(node, ast.Import):
            found.extend(Import(importer, alias.name, node.lineno, lazy, _exists(alias.name, known)) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            for alias in node.names:
                if (base, alias.name) == ("lava_opzo", "__version__"):
                    continue
                name = f"{base}.{alias.name}" if f"{base}.{alias.name}" in known else base
                found.append(Import(importer, name, node.lineno, lazy, _exists(name, known) and not node.level))
        inside = lazy or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        for child in ast.iter_child_nodes(node):
            visit(child, inside)

    visit(tree, False)
    return found


def _exists(name: str, known: dict[str, Path]) -> bool:
    return name.split(".")[0] not in PACKAGES or name in known
