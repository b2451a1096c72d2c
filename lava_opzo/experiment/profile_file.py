"""Profiles of chips as files: what `lava-opzo acceptance --profile-out` writes of a board, `lava-opzo train --profile` reads."""
from pathlib import Path

import tomli_w

from lava_opzo.errors import UserError, shown
from lava_opzo.files import toml
from lava_opzo.files.new import refuse_existing, write_new
from lava_opzo.silicon.profile import PROFILES, Profile

ENDING = ".toml"
MOST_NAME = 60
"""Most characters of a profile's name, which stands in lines of one row."""


def find(name: str) -> Profile:
    """A profile by its name or from its file, which ends in .toml and has the keys of a config's table `network.profile`.

    Raises UserError for an unknown name, and with one line per fault for a file that cannot be read or has a fault.
    """
    if name in PROFILES:
        return PROFILES[name]
    if not name.endswith(ENDING):
        raise UserError(f"profile '{shown(name)}' is not one of {', '.join(PROFILES)}; choose one, or give a file that ends in "
                        f"{ENDING}")
    profile = toml.checked(Profile, toml.document(toml.read(name), name), name)
    check_name(profile.name)
    built_in = PROFILES.get(profile.name)
    if built_in not in (None, profile):
        raise UserError(f"{name}: profile '{profile.name}' has other numbers than the one of that name that comes with the "
                        "project; give it another name")
    return profile


def check_new(path: Path) -> None:
    """Raise UserError for a path at which no profile can be written, before anything is measured.

    A profile is called like its file without the ending, and not like one that comes with the project.
    """
    if path.suffix != ENDING:
        raise UserError(f"profile file '{shown(str(path))}': does not end in {ENDING}; choose such a name")
    check_name(path.stem)
    if path.stem in PROFILES:
        raise UserError(f"profile file {path}: a profile '{path.stem}' comes with the project; choose another name")
    refuse_existing(path)


def write(path: Path, profile: Profile) -> None:
    """Write a profile as a new file. Raises UserError as `check_new`, and where the disk refuses."""
    check_new(path)
    write_new(path, tomli_w.dumps(profile.document()).encode())


def check_name(name: str) -> None:
    """Raise UserError for a name that does not fit into a line."""
    if not name or len(name) > MOST_NAME or not name.isprintable():
        raise UserError(f"profile {shown(repr(name))}: its name is empty, longer than {MOST_NAME} characters or not printable; "
                        "choose another one")
