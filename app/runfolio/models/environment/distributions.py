"""Installed packages: which one a module is from, and what each of them requires."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING

from runfolio.environments.requirements import name_of
from runfolio.models.environment.requirements import MLFLOWS

if TYPE_CHECKING:
    from packaging.requirements import Requirement

#: What no model asks for: it is in every environment, or it is what loads models.
NEVER = frozenset({"pip", "setuptools", "wheel", "runfolio", *MLFLOWS})


def owners(modules: Iterable[str]) -> dict[str, set[str]]:
    """The packages that top-level modules are from, by the module; several share a namespace. Others have none."""
    of_module = metadata.packages_distributions()
    return {module: {name_of(package) for package in of_module.get(module, ())} for module in modules}


def version(package: str) -> str:
    """The version that is installed here, without the label of a build; "" if it is not."""
    found = _installed(package)
    return "" if found is None else found.version.partition("+")[0]


def closure(packages: Iterable[str]) -> set[str]:
    """The packages, those that they require here, and those that these require, as far as they are installed."""
    found: set[str] = set()
    left = [(package, frozenset[str]()) for package in packages]
    seen = set(left)
    while left:
        package, extras = left.pop()
        if _installed(package) is None:
            continue
        found.add(package)
        more = {(name_of(one.name), frozenset(one.extras)) for one in _required(package, extras)} - seen
        seen |= more
        left += more
    return found


def local_origin(package: str) -> str:
    """The folder or the address that a package was installed from; "" if that was an index of packages."""
    found = _installed(package)
    text = None if found is None else found.read_text("direct_url.json")
    if not text:
        return ""
    import json

    try:
        told = json.loads(text)
    except ValueError:
        return ""
    return str(told.get("url", "")) if isinstance(told, Mapping) else ""


@cache
def _installed(package: str) -> metadata.Distribution | None:
    try:
        return metadata.distribution(package)
    except (metadata.PackageNotFoundError, ValueError):
        return None


def _required(package: str, extras: frozenset[str]) -> list[Requirement]:
    """What a package requires on this machine, and what the wanted extras add."""
    from packaging.requirements import InvalidRequirement, Requirement

    found = _installed(package)
    required = []
    for line in (found.requires if found is not None else None) or ():
        try:
            one = Requirement(line)
        except InvalidRequirement:  # of packages from before there were rules
            continue
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            required.append(one)
    return required
