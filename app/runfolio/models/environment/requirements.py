"""What pip is told to install for a model: read from a user's arguments, put together with what the model needs."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue, NotFound

_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_COMMENT = re.compile(r"(^|\s+)#.*$")
_READS = ("-r", "--requirement")
_CONSTRAINS = ("-c", "--constraint")
_INSTALLED = ".dist-info"
MLFLOWS = ("mlflow", "mlflow-skinny", "mlflow-tracing")


@dataclass(slots=True)
class Requirements:
    """Lines of a requirements file, and those of the constraints it names."""

    lines: list[str] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)


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
    except metadata.PackageNotFoundError:
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
        return _parsed([f"-r {os.fspath(given)}"], Path.cwd())
    lines = list(given) if isinstance(given, Iterable) else [given]
    if not all(isinstance(line, str) for line in lines):
        raise InvalidValue("Requirements are a list of texts, or the path of a file of them.", "See pip's own format.")
    return _parsed(lines, Path.cwd())


def _parsed(lines: Iterable[str], folder: Path, seen: frozenset[Path] = frozenset()) -> Requirements:
    found = Requirements()
    for line in _joined(lines):
        option, _, value = line.replace("=", " ", 1).partition(" ") if line.startswith("--") else line.partition(" ")
        if option in _READS + _CONSTRAINS:
            file = (folder / value.strip()).resolve()
            if file in seen:
                raise InvalidValue(f"{file} names itself.")
            inner = _parsed(_read(file), file.parent, seen | {file})
            found.constraints += inner.constraints + (inner.lines if option in _CONSTRAINS else [])
            found.lines += inner.lines if option in _READS else []
        else:
            found.lines.append(line)
    return found


def _joined(lines: Iterable[str]) -> Iterable[str]:
    """Lines without comments and with those that end in a backslash put together."""
    whole = ""
    for line in lines:
        whole += _COMMENT.sub("", line)
        if whole.endswith("\\"):
            whole = whole[:-1]
            continue
        if whole.strip():
            yield whole.strip()
        whole = ""
    if whole.strip():
        yield whole.strip()


def _read(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise NotFound(f"The requirements in {file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise InvalidValue(f"The requirements in {file} are not text in UTF-8.") from None


def name_of(requirement: str) -> str:
    """The name of a required package as indexes compare it; "" of an option, a path or an address."""
    found = _NAME.match(requirement)
    if found is None or "://" in requirement.partition("@")[0] or "/" in requirement.partition("@")[0]:
        return ""
    return re.sub(r"[-_.]+", "-", found[1]).lower()


def united(needed: Iterable[str], given: Iterable[str]) -> list[str]:
    """What is needed and what a user gave, each package once: the user's word stands."""
    asked = list(dict.fromkeys(given))
    named = {name_of(line) for line in asked} - {""}
    return [line for line in dict.fromkeys(needed) if name_of(line) not in named] + asked
