"""Code of a model's folder is compiled each time: what somebody compiled before is not read, and nothing is left there.

Bytecode in a model's folder would be code that nobody sees, and would change the fingerprint by which it is trusted. A
module that has no source is there for all to see, and loaded by Python as it is. Libraries are run as they were
compiled before, for to compile them takes seconds.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

_places: set[Path] = set()
_stats_of_any = SourceFileLoader.path_stats


def compile_anew(place: Path, scratch: str = "") -> None:
    """Compile a script, or the modules in a folder and below it, from their sources alone, whoever imports them.

    Args:
        scratch: a folder, in which processes that this one starts look for all bytecode, and find none.
    """
    _places.update((place.resolve(), place.parent.resolve() / place.name))
    _in_folder.cache_clear()
    SourceFileLoader.path_stats = _path_stats  # type: ignore[method-assign]
    importlib.invalidate_caches()
    if scratch:
        os.environ["PYTHONPYCACHEPREFIX"] = scratch


def _path_stats(self: SourceFileLoader, path: str) -> Mapping[str, Any]:
    """How old a source is. Where no answer is had, Python takes no bytecode and writes none.

    See `importlib.abc.SourceLoader.path_stats`, and `get_code`, which asks it first.
    """
    folder, _, name = path.rpartition(os.sep)
    names = _in_folder(folder)
    if names is None or name in names:
        raise OSError("bytecode is not wanted")
    return _stats_of_any(self, path)


@cache
def _in_folder(folder: str) -> frozenset[str] | None:
    """The scripts in a folder that are compiled anew; None if all are. Asked for each module, and so remembered."""
    found, places = Path(folder).resolve(), list(_places)
    if any(found.is_relative_to(place) for place in places):
        return None
    return frozenset(place.name for place in places if place.parent == found)
