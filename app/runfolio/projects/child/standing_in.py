"""Standing in for MLflow: `mlflow` and all that is below it are Runfolio's modules of the same names."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType

NAME, OURS = "mlflow", "runfolio"


def stand_in() -> None:
    """Have `import mlflow` mean Runfolio in this process."""
    sys.modules[NAME] = importlib.import_module(OURS)
    sys.meta_path.insert(0, _Finder())


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds `mlflow.x` where `runfolio.x` is."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Where a module is, as the import system asks."""
        if not name.startswith(f"{NAME}."):
            return None
        ours = OURS + name.removeprefix(NAME)
        try:
            there = importlib.util.find_spec(ours) is not None
        except ModuleNotFoundError:
            there = False
        if not there:
            raise ModuleNotFoundError(
                f"Runfolio stands in for MLflow in this run and has no {name}; "
                f"`runfolio run --mlflow real` leaves MLflow to itself.",
                name=name,
            )
        return importlib.machinery.ModuleSpec(name, self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """The module of ours."""
        module = importlib.import_module(OURS + spec.name.removeprefix(NAME))
        spec.loader_state = module.__spec__  # the import system is about to put another one in its place
        return module

    def exec_module(self, module: ModuleType) -> None:
        """It has run already."""
        assert module.__spec__ is not None
        module.__spec__ = module.__spec__.loader_state
