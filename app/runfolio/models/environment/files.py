"""conda.yaml, python_env.yaml and requirements.txt: the environment of a model as MLflow writes it."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.environments.requirements import Requirements, name_of
from runfolio.models.environment.requirements import MLFLOWS, installed_version, read_requirements, united
from runfolio.models.mlmodel import read_yaml

CONDA, PYTHON, REQUIREMENTS, CONSTRAINTS = "conda.yaml", "python_env.yaml", "requirements.txt", "constraints.txt"
#: The first MLflow that was seen to load what is written here.
OLDEST_MLFLOW = "3.17"
#: For MLmodel: where loaders find the environment.
ENTRIES = {"conda": CONDA, "virtualenv": PYTHON}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What a user declared of the environment; at most one of the three."""

    conda_env: Any = None
    pip_requirements: Any = None
    extra_pip_requirements: Any = None

    def __post_init__(self) -> None:
        """Raises InvalidValue where more than one is given."""
        given = [name for name in self.__slots__ if getattr(self, name) is not None]
        if len(given) > 1:
            raise InvalidValue(f"Only one of {', '.join(self.__slots__)} can be given, not {' and '.join(given)}.")


def python_version() -> str:
    """The version of Python here."""
    return platform.python_version()


def mlflow_requirement() -> str:
    """What MLflow a model asks for: the one that is installed, else any that reads the layout that is written.

    Runfolio needs none, but MLflow's own servers and images are built of a model's requirements alone.
    """
    version = installed_version("mlflow")
    return f"mlflow=={version}" if version else f"mlflow>={OLDEST_MLFLOW},<4"


def write_environment(folder: Path, declared: Declared, needed: list[str]) -> None:
    """Write the files of the environment into a model's folder.

    Args:
        needed: what the model needs, where the user gave no requirements or environment of their own.

    Raises:
        InvalidValue, NotFound: what the user gave cannot be read.
    """
    if declared.conda_env is not None:
        conda = _conda_given(declared.conda_env)
        found = read_requirements(_pip_lines(conda))
    else:
        conda, found = None, _wanted(declared, needed)
    lines = found.lines
    if not any(name_of(line) in MLFLOWS for line in lines):
        lines = [mlflow_requirement(), *lines]
    if found.constraints:
        _write(folder / CONSTRAINTS, "\n".join(found.constraints))
        lines = [*lines, f"-c {CONSTRAINTS}"]
    _write(folder / REQUIREMENTS, "\n".join(lines))
    _write(folder / CONDA, _yaml(_conda(lines) if conda is None else _with_pip(conda, lines), sort=True))
    _write(folder / PYTHON, _yaml(_python_env(), sort=False))


def _wanted(declared: Declared, needed: list[str]) -> Requirements:
    if declared.pip_requirements is not None:
        return read_requirements(declared.pip_requirements)
    extra = read_requirements(declared.extra_pip_requirements or [])
    return Requirements(united(sorted(needed), extra.lines), extra.constraints)


def _conda(lines: list[str]) -> dict[str, Any]:
    pip = installed_version("pip")
    named = f"pip<={pip}" if pip else "pip"
    dependencies = [f"python={python_version()}", named, {"pip": lines}]
    return {"name": "mlflow-env", "channels": ["conda-forge"], "dependencies": dependencies}


def _conda_given(given: Any) -> dict[str, Any]:
    if isinstance(given, (str, os.PathLike)):
        return read_yaml(Path(given))
    if isinstance(given, Mapping):
        return dict(given)
    raise InvalidValue(f"conda_env is a dictionary or the path of a YAML file, not {type(given).__name__}.")


def _dependencies(conda: Mapping[str, Any]) -> list[Any]:
    found = conda.get("dependencies") or []
    if not isinstance(found, list):
        raise InvalidValue("The dependencies of conda_env must be a list.")
    return found


def _pip_lines(conda: Mapping[str, Any]) -> list[str]:
    return next((one["pip"] for one in _dependencies(conda) if isinstance(one, dict) and "pip" in one), [])


def _with_pip(conda: Mapping[str, Any], lines: list[str]) -> dict[str, Any]:
    others = [one for one in _dependencies(conda) if not (isinstance(one, dict) and "pip" in one)]
    if not any(isinstance(one, str) and name_of(one) == "pip" for one in others):
        others.append("pip")
    return {**conda, "dependencies": [*others, {"pip": lines}]}


def _python_env() -> dict[str, Any]:
    builders = []
    for package in ("pip", "setuptools", "wheel"):
        version = installed_version(package)
        builders.append(f"{package}=={version}" if version else package)
    lines = [f"-r {REQUIREMENTS}"]
    return {"python": python_version(), "build_dependencies": builders, "dependencies": lines}


def _yaml(value: Any, sort: bool) -> str:
    import yaml

    return yaml.safe_dump(value, default_flow_style=False, sort_keys=sort, allow_unicode=True)


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
