"""The compiled loops on disk: the fingerprint covers every file that one is made of, and no stale or damaged one ever runs."""
import ast
import os
import subprocess
import sys
from functools import cache as cached
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from lava_opzo.engines.twin import cache
from lava_opzo.engines.twin.cache import FOLDERS, LoopCache, compiled_loop, fingerprint, sources
from lava_opzo.engines.twin.integers import loop as integers
from lava_opzo.engines.twin.reals import loop as reals
from lava_opzo.errors import UserError

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


@cached
def statements(module: str) -> list[ast.stmt]:
    return ast.parse(Path(sys.modules[module].__file__).read_text()).body


def definition(module: str, name: str, found: set[tuple[str, str]]) -> None:
    """Add (module, name) of what a name of a module stands for, and of all that its definition uses, to `found`."""
    if (module, name) in found or f"{module}.{name}" in sys.modules:
        return
    for node in statements(module):
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


@cached
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


@pytest.mark.parametrize("loop", LOOPS, ids=lambda loop: loop.__name__)
def test_a_compiled_loop_is_kept_by_the_checked_cache(loop):
    assert type(loop.run._cache) is LoopCache


def test_no_function_is_kept_by_numbas_own_cache():
    found = [f"{path}: {node.lineno}" for path in sources("engines", "arithmetic")
             for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.keyword) and node.arg == "cache"]
    assert found == []


def doubled(n: int) -> int:
    """A function to compile, small and quick."""
    return 2 * n


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Compiles `doubled` anew, as another process would, with a cache in a folder of the test's own."""
    monkeypatch.setattr("numba.core.config.CACHE_DIR", str(tmp_path / "cache"))
    return lambda made_of=1: compiled_loop(made_of)(doubled)


def files(tmp_path) -> list[Path]:
    return sorted((tmp_path / "cache").rglob("*.nbc"))


def from_disk(loop) -> int:
    """Calls answered from the disk; the call must give the right number."""
    assert loop(21) == 42
    return sum(loop.stats.cache_hits.values())


def test_a_loop_is_compiled_once_and_again_for_other_sources_which_remove_the_old_one(kept, tmp_path):
    assert [from_disk(kept()), from_disk(kept()), from_disk(kept(2))] == [0, 1, 0]
    assert len(files(tmp_path)) == 1 and ".00000002." in files(tmp_path)[0].name
    assert from_disk(kept()) == 0


def test_a_truncated_or_flipped_file_is_never_used_and_is_written_again(kept, tmp_path):
    from_disk(kept())
    (path,) = files(tmp_path)
    whole = path.read_bytes()
    damaged = [whole[:len(whole) * eighth // 8] for eighth in range(8)]
    damaged += [bytes([*whole[:at], whole[at] ^ 1 << at % 8, *whole[at + 1:]]) for at in range(0, len(whole), len(whole) // 20)]
    for content in damaged:
        path.write_bytes(content)
        assert from_disk(kept()) == 0 and from_disk(kept()) == 1


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink(path, path)], ids=["pipe", "folder", "circle"])
def test_what_is_no_file_stands_in_nobodys_way(kept, tmp_path, make):
    from_disk(kept())
    (path,) = files(tmp_path)
    path.unlink()
    make(path)
    assert from_disk(kept()) == 0


def test_a_full_disk_costs_the_time_to_compile_and_nothing_else(kept, monkeypatch):
    def full(path, content):
        raise UserError("no space")

    monkeypatch.setattr(cache, "write_whole", full)
    assert [from_disk(kept()), from_disk(kept())] == [0, 0]


def test_without_any_folder_that_can_be_written_to_a_loop_is_compiled_in_memory(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr("numba.core.config.CACHE_DIR", str(tmp_path / "file"))
    monkeypatch.setattr("numba.core.config.CACHE_LOCATOR_CLASSES", "UserProvidedCacheLocator")
    assert from_disk(compiled_loop(1)(doubled)) == 0


@pytest.mark.parametrize("value", ["0", "abc", "-3"])
def test_a_setting_that_numba_cannot_read_is_one_line(value):
    code = "from lava_opzo.errors import UserError\ntry: import lava_opzo.engines.twin\nexcept UserError as error: print(error)"
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "NUMBA_NUM_THREADS": value}, text=True,
                          capture_output=True, timeout=60)
    assert done.stdout.startswith("numba, which compiles the twin, does not load: ") and done.stdout.count("\n") == 1, done.stderr
    assert done.stderr == "" and "NUMBA_*" in done.stdout
