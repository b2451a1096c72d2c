"""Who may import whom: the table of floors, read against every import statement of the project, those inside functions too."""
from pathlib import PurePosixPath

import pytest

from scripts import draw_architecture
from scripts.imports import Import, folder, folders, imports, levels, modules

FLOORS = (
    ("errors",),
    ("files",),
    ("silicon", "topology"),
    ("learning", "arithmetic", "data"),
    ("network",),
    ("process_models", "experiment"),
    ("engines", "paper"),
    ("runs", "verification", "board", "export"),
    ("report", "sweep", "tune"),
    ("deployment",),
    ("cli",),
    ("lava_opzo", "deploy"),
)
"""From the ground up. A folder imports only what stands on a lower floor; `lava_opzo` is the public face."""

NEVER = (
    ("process_models", "lava_opzo.network"),
    ("lava_opzo.engines", "lava_opzo.experiment"),
    ("lava_opzo.engines.oracle", "lava_opzo.engines.twin"),
    ("lava_opzo.engines.oracle", "lava_opzo.engines.lava"),
    ("lava_opzo.engines.twin", "lava_opzo.engines.oracle"),
    ("lava_opzo.engines.twin", "lava_opzo.engines.lava"),
    ("lava_opzo.engines.lava", "lava_opzo.engines.oracle"),
    ("lava_opzo.engines.lava", "lava_opzo.engines.twin"),
    ("lava_opzo.engines.lava", "lava_opzo.engines.in_the_loop"),
    ("lava_opzo.engines.in_the_loop", "lava_opzo.engines.oracle"),
    ("lava_opzo.engines.in_the_loop", "lava_opzo.engines.twin"),
    ("lava_opzo.engines.twin.integers", "lava_opzo.engines.twin.reals"),
)
"""(importer, imported) that the floors would allow and that is still refused, with all that lies below both."""

LAZY = ("torch", "tonic", "h5py", "nir", "submitit", "rich", "matplotlib", "PIL", "lava", "sklearn", "pandas", "bokeh", "optuna",
        "tensorboardX", "IPython")
"""Libraries that are slow to load or an extra: the only ones that a function may import."""

LOADERS = ("lava_opzo", "lava_opzo.api", "lava_opzo.__main__", "lava_opzo.engines.registry", "deploy.to_loihi")
"""Files whose functions import modules of the project, because these load numba or Lava; the commands (`cli`) do so, too."""

LEVELS = 9
IMPORTS = imports()


def inside(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def said(found: list[Import]) -> list[str]:
    return [f"{one.importer}:{one.line} imports {one.imported}" for one in found]


def test_every_folder_has_a_floor_and_every_floor_a_folder():
    assert sorted(name for floor in FLOORS for name in floor) == sorted(folders())


def test_every_imported_module_of_the_project_has_a_file():
    assert said([one for one in IMPORTS if not one.found]) == []


def test_imports_point_to_lower_floors():
    floor = {name: number for number, names in enumerate(FLOORS) for name in names}
    assert said([one for one in IMPORTS if one.ours and folder(one.importer) != folder(one.imported)
                 and floor[folder(one.importer)] <= floor[folder(one.imported)]]) == []


@pytest.mark.parametrize(("importer", "imported"), NEVER)
def test_refused_pairs_do_not_meet(importer, imported):
    assert said([one for one in IMPORTS if inside(one.importer, importer) and inside(one.imported, imported)]) == []


def test_the_oracle_imports_nothing_of_the_project():
    assert said([one for one in IMPORTS if inside(one.importer, "lava_opzo.engines.oracle") and one.ours
                 and not inside(one.imported, "lava_opzo.engines.oracle")
                 and PurePosixPath(one.importer.replace(".", "/")).name != "recorder"]) == []


def test_files_import_in_no_circle():
    graph: dict[str, set[str]] = {name: set() for name in modules()}
    for one in IMPORTS:
        if one.imported in graph:
            graph[one.importer].add(one.imported)
    levels(graph)


def test_folders_lie_on_at_most_nine_levels():
    assert max(levels({name: below for name, below in folders().items() if name not in FLOORS[-1]}).values()) <= LEVELS


def test_functions_import_only_what_is_slow_to_load():
    assert said([one for one in IMPORTS if one.lazy and one.imported.split(".")[0] not in LAZY
                 and one.importer not in LOADERS and folder(one.importer) != "cli"]) == []


def test_the_picture_and_the_table_of_the_architecture_are_what_the_imports_say():
    assert draw_architecture.stale() == []
