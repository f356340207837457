"""What an environment is rebuilt from: the files in a model's folder, whoever wrote them."""

from __future__ import annotations

import platform
import re
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue, NotFound
from runfolio.environments.recipe import Recipe
from runfolio.environments.requirements import name_of, read_text
from runfolio.models.environment.files import CONDA, CONSTRAINTS, PYTHON, REQUIREMENTS
from runfolio.models.environment.recording import LOCK
from runfolio.models.environment.requirements import MLFLOWS
from runfolio.models.mlmodel import FILE_NAME, PYFUNC, read_yaml

_VERSION = re.compile(r"[0-9]+\.[0-9]+(\.[0-9]+)?")
_OF_CONDA = ("python", "pip", "setuptools", "wheel")


def has_mlflow(recipe: Recipe) -> bool:
    """Whether MLflow is among what is installed, and so can load the model by itself."""
    return any(name_of(line) in MLFLOWS for line in recipe.lines)


def read_recipe(folder: Path) -> Recipe:
    """The environment of a model.

    Raises:
        NotFound: the model says nothing of it.
        InvalidValue: a file cannot be read.
    """
    conda = read_yaml(folder / CONDA) if (folder / CONDA).is_file() else {}
    dependencies = _listed(conda.get("dependencies"), CONDA)
    lines = _lines(folder, dependencies)
    if lines is None:
        raise NotFound(f"The model says nothing of its environment: it has neither {REQUIREMENTS} nor {CONDA}.")
    others = tuple(str(one) for one in dependencies if isinstance(one, str) and _conda_name(one) not in _OF_CONDA)
    lock = folder / LOCK
    return Recipe(
        _python(folder, dependencies),
        tuple(lines),
        {CONSTRAINTS: read_text(folder / CONSTRAINTS)} if (folder / CONSTRAINTS).is_file() else {},
        others,
        folder / CONDA if conda else None,
        read_text(lock) if lock.is_file() else "",
    )


def _lines(folder: Path, dependencies: list[Any]) -> list[str] | None:
    """What pip installs: by requirements.txt, which models of MLflow before 1.20 have not, else by conda.yaml."""
    if (folder / REQUIREMENTS).is_file():
        found = read_text(folder / REQUIREMENTS).splitlines()
    elif dependencies:
        found = [str(line) for one in dependencies if isinstance(one, dict) for line in _listed(one.get("pip"), CONDA)]
    else:
        return None
    return [line.strip() for line in found if line.strip() and not line.strip().startswith("#")]


def _python(folder: Path, dependencies: list[Any]) -> str:
    """The version of Python by the first file that tells it; the one here if none does."""
    told = [read_yaml(folder / PYTHON).get("python")] if (folder / PYTHON).is_file() else []
    told += [
        one.partition("=")[2].strip("= ")
        for one in dependencies
        if isinstance(one, str) and _conda_name(one) == "python"
    ]
    flavors = read_yaml(folder / FILE_NAME).get("flavors")
    function = flavors.get(PYFUNC) if isinstance(flavors, dict) else None
    told += [function.get("python_version")] if isinstance(function, dict) else []
    versions = (str(one) for one in told if one is not None and _VERSION.fullmatch(str(one)))
    return next(versions, platform.python_version())


def _conda_name(dependency: str) -> str:
    return re.split(r"[\s=<>!~\[]", dependency.partition("::")[2] or dependency, maxsplit=1)[0].lower()


def _listed(given: Any, file: str) -> list[Any]:
    if given is None:
        return []
    if not isinstance(given, list):
        raise InvalidValue(f"The dependencies in {file} are no list.")
    return given
