"""What the files of a project say of its environment: `python_env.yaml` and `conda.yaml`, as MLflow has them."""

from __future__ import annotations

import hashlib
import platform
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from runfolio.core import yaml_text
from runfolio.core.errors import InvalidValue
from runfolio.core.projects.records import DeclaredEnvironment, EnvironmentKind
from runfolio.environments.recipe import Recipe
from runfolio.environments.requirements import read_lines, read_text
from runfolio.projects.environments.local_sources import located

CONSTRAINTS = "constraints.txt"
# Packages of conda that an environment made otherwise has as well, or can do without.
_OF_ALL = ("python", "pip", "setuptools", "wheel")
_EXACT = re.compile(r"={0,2}\s*(\d+\.\d+(?:\.\d+)?)(?:\.\*)?(?:=.*)?")
_NUMBER = re.compile(r"\d+\.\d+(?:\.\d+)?")


def recipe_of(folder: Path, declared: DeclaredEnvironment) -> Recipe:
    """What a project's environment is made of; of Python alone, the one here, if it declares none.

    Raises:
        NotFound: a file is missing.
        InvalidValue: a file is not what it should be.
    """
    if declared.kind is EnvironmentKind.PYTHON:
        return _of_python(folder, declared.file)
    if declared.kind is EnvironmentKind.CONDA:
        return _of_conda(folder, declared.file)
    return Recipe(platform.python_version(), (), {})


def _of_python(folder: Path, name: str) -> Recipe:
    file = folder / name
    given = _mapping(file)
    lines, constraints, sources = _lines(_texts(given, "dependencies", file), file.parent)
    before, more, local = _lines(_texts(given, "build_dependencies", file), file.parent)
    return Recipe(
        _version(given.get("python"), file),
        lines,
        {CONSTRAINTS: text} if (text := "\n".join((*constraints, *more))) else {},
        before=before,
        sources=(*sources, *local),
    )


def _of_conda(folder: Path, name: str) -> Recipe:
    file = folder / name
    given = _mapping(file)
    dependencies = _listed(given, "dependencies", file)
    python, others, pip = None, [], []
    for one in dependencies:
        if isinstance(one, Mapping):
            pip += _texts(one, "pip", file)
        elif (package := _conda_name(_text(one, file))) == "python":
            python = str(one).partition("::")[2] or str(one)
        elif package not in _OF_ALL:
            others.append(str(one))
    lines, constraints, sources = _lines(pip, file.parent)
    digest = hashlib.sha256(read_text(file).encode()).hexdigest()
    return Recipe(
        _version(None if python is None else python.strip()[len("python") :].strip() or None, file),
        lines,
        {CONSTRAINTS: "\n".join(constraints)} if constraints else {},
        tuple(others),
        file,
        sources=(*sources, digest) if others else sources,
    )


def _lines(given: Sequence[str], folder: Path) -> tuple[tuple[str, ...], list[str], tuple[str, ...]]:
    """Lines to install, limits of versions, and what tells that something on this disk has changed."""
    read = read_lines(given, folder)
    lines, sources = located(read.lines, folder)
    if read.constraints:
        lines = (*lines, f"-c {CONSTRAINTS}")
    return lines, read.constraints, sources


def _version(given: object, file: Path) -> str:
    """The version of Python that is meant: the one here if it fits, or if none is given."""
    here = platform.python_version()
    if given is None:
        return here
    # YAML reads 3.10 as the number 3.1, a Python of 2009 that nobody means.
    text = "3.10" if given == 3.1 and isinstance(given, float) else str(given).strip()
    if exact := _EXACT.fullmatch(text):
        return exact[1]
    number = _NUMBER.search(text)
    if number is None or not _is_range(text):
        raise InvalidValue(f"{file.name} asks for Python {text!r:.40}, which is no version.", 'python: "3.11"')
    return here if _fits(here, text) else number[0]


def _is_range(text: str) -> bool:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return False
    return True


def _fits(version: str, text: str) -> bool:
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(text).contains(version, prereleases=True)


def _conda_name(dependency: str) -> str:
    return re.split(r"[\s=<>!~\[]", dependency.partition("::")[2] or dependency, maxsplit=1)[0].lower()


def _mapping(file: Path) -> Mapping[str, Any]:
    try:
        found = yaml_text.load(read_text(file), most=100_000)
    except yaml_text.NotYaml as problem:
        raise InvalidValue(f"{file.name} is not YAML: {problem}.") from problem
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        raise InvalidValue(f"{file.name} does not hold names and values.")
    return found


def _listed(given: Mapping[str, Any], key: str, file: Path) -> list[Any]:
    found = given.get(key)
    if found is None:
        return []
    if not isinstance(found, list):
        raise InvalidValue(f"{key} in {file.name} is no list.", f"{key}: [scikit-learn==1.5]")
    return found


def _texts(given: Mapping[str, Any], key: str, file: Path) -> list[str]:
    return [_text(one, file) for one in _listed(given, key, file)]


def _text(given: object, file: Path) -> str:
    if not isinstance(given, str) or not given.strip() or "\n" in given or "\0" in given:
        raise InvalidValue(f"{file.name} lists {given!r:.60} among what is to be installed, which is no line of text.")
    return given
