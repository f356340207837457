"""What pip is told to install for a model: read from a user's arguments, put together with what the model needs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.environments.requirements import Requirements, name_of, read_lines

_INSTALLED = ".dist-info"
MLFLOWS = ("mlflow", "mlflow-skinny", "mlflow-tracing")


def pinned(package: str, module: str = "") -> str:
    """A package at the version that is installed here, such as `scikit-learn==1.9.1`; without the label of a build.

    Args:
        module: what it is imported as, which knows its version where the package is installed under another name.
    """
    version = installed_version(package) or str(getattr(sys.modules.get(module or package), "__version__", ""))
    return f"{package}=={version.partition('+')[0]}" if version else package


def installed_version(package: str) -> str | None:
    """The version of a package that is installed here.

    The folder that installers make says it (`NAME-VERSION.dist-info`, packaging.python.org/specifications/
    recording-installed-packages): to import what reads it takes longer than to load most models.
    """
    if (found := _version_of_folder(package)) is not None:
        return found
    from importlib import metadata

    try:
        return metadata.version(package)
    except (metadata.PackageNotFoundError, OSError):  # the latter of what is half gone, by `importlib_metadata`
        return None


def _version_of_folder(package: str) -> str | None:
    wanted = name_of(package)
    for place in sys.path:
        try:
            name = _installed_in(place, Path(place).stat().st_mtime_ns).get(wanted)
        except OSError:  # no folder, such as the archive of the standard library
            continue
        if name is not None and Path(place, name + _INSTALLED, "METADATA").is_file():
            return name.rpartition("-")[2]
    return None


@lru_cache(64)
def _installed_in(place: str, _changed: int) -> dict[str, str]:
    """Names and versions, such as `numpy-2.4.0`, by the names of packages; read once until the folder changes."""
    with os.scandir(place or os.curdir) as entries:
        names = [entry.name.removesuffix(_INSTALLED) for entry in entries if entry.name.endswith(_INSTALLED)]
    return {name_of(name.rpartition("-")[0]): name for name in reversed(names)}


def read_requirements(given: Any) -> Requirements:
    """What `pip_requirements` was given: lines, or the path of a file of them; `-r` and `-c` are followed.

    Raises:
        InvalidValue: it is neither.
        NotFound: a file is missing.
    """
    if isinstance(given, (str, os.PathLike)):
        return read_lines([f"-r {os.fspath(given)}"], Path.cwd())
    lines = list(given) if isinstance(given, Iterable) else [given]
    if not all(isinstance(line, str) for line in lines):
        raise InvalidValue("Requirements are a list of texts, or the path of a file of them.", "See pip's own format.")
    return read_lines(lines, Path.cwd())


def united(needed: Iterable[str], given: Iterable[str]) -> list[str]:
    """What is needed and what a user gave, each package once: the user's word stands."""
    asked = list(dict.fromkeys(given))
    named = {name_of(line) for line in asked} - {""}
    return [line for line in dict.fromkeys(needed) if name_of(line) not in named] + asked
