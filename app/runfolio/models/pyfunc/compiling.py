"""Code of a model's folder, compiled each time: what somebody compiled before is not read, and nothing is left there.

Bytecode in a model's folder would be code that nobody sees, and would change the fingerprint by which it is trusted.
"""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
    SourcelessFileLoader,
)
from pathlib import Path
from types import CodeType

_folders: set[Path] = set()


class Compiled(SourceFileLoader):
    """Loads a module from its source alone."""

    def get_code(self, fullname: str) -> CodeType:
        """The code of a module, as the import system asks."""
        path = self.get_filename(fullname)
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code


def compile_anew(folder: Path) -> None:
    """Have the modules in a folder, and in those below it, loaded from their sources alone."""
    if _finder not in sys.path_hooks:
        sys.path_hooks.insert(0, _finder)
    _folders.add(folder)
    sys.path_importer_cache.pop(str(folder), None)
    importlib.invalidate_caches()


def _finder(path: str) -> FileFinder:
    """What finds modules in a folder of a model, as `sys.path_hooks` wants it."""
    place = Path(path)
    if not any(place.is_relative_to(folder) for folder in _folders):
        raise ImportError(f"{path} is in no model")
    loaders = (ExtensionFileLoader, EXTENSION_SUFFIXES), (Compiled, SOURCE_SUFFIXES)
    # A module that has no source is there for all to see, and loaded by Python as it is.
    return FileFinder(path, *loaders, (SourcelessFileLoader, BYTECODE_SUFFIXES))
