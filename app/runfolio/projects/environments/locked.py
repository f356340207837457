"""What an environment is made of when only the exact versions of an earlier one are known."""

from __future__ import annotations

import re
from pathlib import Path

from runfolio.core.errors import InvalidValue
from runfolio.core.packages import read_lock
from runfolio.environments.building import Told
from runfolio.environments.installed import CONDA_MARK
from runfolio.environments.recipe import Recipe
from runfolio.projects.environments.local_sources import located, path_of

_COMMIT = re.compile(r"@[0-9a-f]{40}$")
_VERSION = re.compile(r"\d+\.\d+(\.\d+)?")


def recipe_of_lock(python: str, lock: str, tell: Told) -> Recipe:
    """All packages of a lock, each at its version and from where it came, and nothing else.

    Args:
        python: the version of Python; "" for that which the lock names.
        tell: takes a sentence about each package that cannot come from where it came.

    Raises:
        InvalidValue: the lock names no version of Python.
    """
    read = read_lock(lock)
    version = _VERSION.match(python or read.python)
    if version is None:
        raise InvalidValue("The list of packages does not tell the version of Python.", "# Python 3.11.7")
    lines, sources = located((_line(name, told, tell) for name, told in read.packages.items()), Path.cwd())
    conda = tuple(line.removeprefix(CONDA_MARK) for line in lock.splitlines() if line.startswith(CONDA_MARK))
    return Recipe(version[0], lines, {}, conda, sources=sources, alone=True)


def _line(name: str, told: str, tell: Told) -> str:
    version, _, origin = told.partition(" from ")
    if not origin:
        return f"{name}=={version}"
    if _COMMIT.search(origin):
        return f"{name} @ {origin if origin.startswith('git+') else f'git+{origin}'}"
    if (path := path_of(origin)) is not None and not path.exists():
        tell(f"{name} {version} came from {origin}, which is gone; it is looked for by its version.")
        return f"{name}=={version}"
    return f"{name} @ {origin}"


def conda_yaml(recipe: Recipe) -> str:
    """A file by which conda makes it."""
    import yaml

    pip = [{"pip": list(recipe.lines)}] if recipe.lines else []
    return yaml.safe_dump({"dependencies": [*recipe.conda, *pip]}, sort_keys=False)
