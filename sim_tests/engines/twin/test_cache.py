"""The fingerprint in the key of numba's cache covers every file that a compiled loop is made of: no stale loop ever runs."""
import ast
import sys
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from lava_opzo.engines.twin import cache
from lava_opzo.engines.twin.cache import FOLDERS, fingerprint, sources
from lava_opzo.engines.twin.integers import loop as integers
from lava_opzo.engines.twin.reals import loop as reals

PROJECT = "lava_opzo"
LOOPS = [integers, reals]


def is_ours(module: str | None) -> bool:
    return (module or "").split(".")[0] == PROJECT


def names(code: CodeType) -> set[str]:
    """Globals and attributes that a function uses, those of functions and comprehensions in it too."""
    return set(code.co_names).union(*(names(part) for part in code.co_consts if isinstance(part, CodeType)))


def functions(dispatcher) -> set:
    """The Python functions of a compiled function and of all compiled ones that it reaches, by globals, modules and closures."""
    found, left = set(), [dispatcher.py_func]
    while left:
        function = left.pop()
        if function in found:
            continue
        found.add(function)
        used = names(function.__code__)
        values = [function.__globals__[name] for name in used if name in function.__globals__]
        values += [cell.cell_contents for cell in function.__closure__ or ()]
        values += [getattr(module, name) for module in values if isinstance(module, ModuleType) and is_ours(module.__name__)
                   for name in used if hasattr(module, name)]
        left += [value.py_func for value in values if hasattr(value, "py_func")]
    return found


def definition(module: str, name: str, found: set[tuple[str, str]]) -> None:
    """Add (module, name) of what a name of a module stands for, and of all that its definition uses, to `found`."""
    if (module, name) in found or f"{module}.{name}" in sys.modules:
        return
    for node in ast.parse(Path(sys.modules[module].__file__).read_text()).body:
        if isinstance(node, ast.ImportFrom) and is_ours(node.module):
            for alias in node.names:
                if name == (alias.asname or alias.name):
                    definition(node.module, alias.name, found)
        elif name in defined(node):
            found.add((module, name))
            for part in ast.walk(node):
                if isinstance(part, ast.Name):
                    definition(module, part.id, found)
                elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
                    attribute(module, part.value.id, part.attr, found)


def attribute(module: str, owner: str, name: str, found: set[tuple[str, str]]) -> None:
    """As `definition`, for `owner.name` where the owner is a module of the project."""
    value = getattr(sys.modules[module], owner, None)
    if isinstance(value, ModuleType) and is_ours(value.__name__):
        definition(value.__name__, name, found)


def defined(node: ast.stmt) -> set[str]:
    """The names that a statement of a module gives a value."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return {node.name}
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}


def reached(dispatcher) -> set[Path]:
    """The files of the functions that a compiled loop reaches, and of the constants that they read."""
    compiled, found = functions(dispatcher), set()
    for function in compiled:
        used = names(function.__code__)
        for name in used:
            definition(function.__module__, name, found)
            for owner in used:
                attribute(function.__module__, owner, name, found)
    constants = {Path(sys.modules[module].__file__) for module, _ in found}
    return {Path(function.__code__.co_filename) for function in compiled} | constants


@pytest.mark.parametrize("loop", LOOPS, ids=lambda loop: loop.__name__)
def test_the_fingerprint_covers_every_file_that_a_compiled_loop_reaches(loop):
    files = reached(loop.run)
    assert {"windows.py", "watch.py", "synapses.py", "counts.py", "noise.py", "profile.py", "forward.py", "learning.py",
            "credit.py"} <= {file.name for file in files}, "the walk has lost its way"
    assert files <= set(sources(*FOLDERS)), files - set(sources(*FOLDERS))


def test_without_any_of_its_folders_the_fingerprint_would_miss_a_file():
    files = reached(integers.run) | reached(reals.run)
    for folder in FOLDERS:
        assert not files <= set(sources(*(other for other in FOLDERS if other != folder))), folder


@pytest.mark.parametrize("loop", LOOPS, ids=lambda loop: loop.__name__)
def test_a_compiled_loop_closes_over_the_fingerprint_and_over_no_compiled_function(loop):
    assert [cell.cell_contents for cell in loop.run.py_func.__closure__] == [fingerprint()]


def fake_package(folder: Path, monkeypatch) -> None:
    """A package with one folder `some/where` that has a file in it and one in a folder in it."""
    (folder / "some" / "where" / "inner").mkdir(parents=True)
    for path in ("a.py", "inner/b.py"):
        (folder / "some" / "where" / path).write_text("one")
    monkeypatch.setattr(cache, "__file__", str(folder / "engines" / "twin" / "cache.py"))


def test_sources_are_found_in_folders_of_a_folder_too_and_a_missing_folder_is_refused(tmp_path, monkeypatch):
    fake_package(tmp_path, monkeypatch)
    assert sources("some/where") == [tmp_path / "some" / "where" / "a.py", tmp_path / "some" / "where" / "inner" / "b.py"]
    with pytest.raises(FileNotFoundError, match="elsewhere: no such folder"):
        sources("some/where", "some/elsewhere")


def test_a_change_of_a_file_in_any_depth_changes_the_fingerprint(tmp_path, monkeypatch):
    fake_package(tmp_path, monkeypatch)
    monkeypatch.setattr(cache, "FOLDERS", ("some",))
    before = fingerprint()
    (tmp_path / "some" / "where" / "inner" / "b.py").write_text("two")
    assert fingerprint() != before
