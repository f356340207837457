"""Tells of modules that are imported from now on, so that libraries imported later are logged too."""

from __future__ import annotations

import importlib.abc
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

Imported = Callable[[ModuleType], None]


class ImportHook(importlib.abc.MetaPathFinder):
    """Lets the other finders find a module, and calls back when it has been executed."""

    def __init__(self) -> None:
        self._watched: dict[str, tuple[Callable[[str], bool], Imported]] = {}

    def watch(self, package: str, wanted: Callable[[str], bool], imported: Imported) -> None:
        """Call back for each module of a top-level package whose name is wanted; replaces what was asked before."""
        self._watched[package] = (wanted, imported)
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)

    def ignore(self, package: str) -> None:
        """No longer call back for a package; with the last one, the hook is gone."""
        self._watched.pop(package, None)
        if not self._watched and self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """What the finders behind this one find, with a loader that calls back."""
        wanted, imported = self._watched.get(fullname.partition(".")[0], (_nothing, None))
        if imported is None or not wanted(fullname) or self not in sys.meta_path:
            return None
        for finder in sys.meta_path[sys.meta_path.index(self) + 1 :]:
            spec = finder.find_spec(fullname, path, target) if hasattr(finder, "find_spec") else None
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(spec.loader, imported)
                return spec
        return None


class _Loader(importlib.abc.Loader):
    """The loader of one module, which steps aside before the module's code runs."""

    def __init__(self, loader: Any, imported: Imported) -> None:
        self._loader = loader
        self._imported = imported

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        created: ModuleType | None = self._loader.create_module(spec)
        return created

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        # A module may put another object into its place.
        self._imported(sys.modules.get(module.__name__, module))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


def _nothing(_name: str) -> bool:
    return False
