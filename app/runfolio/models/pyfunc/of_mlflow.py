"""What stands for MLflow where a model of MLflow's is loaded and MLflow is not installed."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NamedTuple


class FuncInfo(NamedTuple):
    """What MLflow keeps of a prediction's hints of types in a pickle."""

    input_type_hint: Any
    input_param_name: str


def as_it_is(args: Any, kwargs: Any, *_more: Any) -> tuple[Any, Any]:
    """In place of MLflow's check of data by hints of types: the signature has checked it already."""
    return args, kwargs


def subimport(name: str) -> ModuleType:
    """In place of cloudpickle's: a module that a pickled function uses; ours for MLflow's, if that is not there."""
    with imports():
        import_module(name)
        return sys.modules[name]


class _Finder:
    """Gives Runfolio's modules under the names of MLflow's.

    It finds and loads as `importlib.abc` says, which is not imported: that takes as long as a small model does.
    """

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] != "mlflow" or _ours(fullname) is None:
            return None
        loader: Any = self
        return ModuleSpec(fullname, loader, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        name = _ours(module.__name__)
        assert name is not None
        sys.modules[module.__name__] = import_module(name)


def _ours(name: str) -> str | None:
    ours = "runfolio" + name.removeprefix("mlflow")
    try:
        return ours if importlib.util.find_spec(ours) is not None else None
    except ImportError:
        return None


@contextmanager
def imports() -> Iterator[None]:
    """Have `import mlflow` mean Runfolio while a model is loaded, if MLflow is not installed."""
    if sys.modules.get("mlflow") is not None or importlib.util.find_spec("mlflow") is not None:
        yield
        return
    before = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "mlflow"}
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.partition(".")[0] == "mlflow"]:
            del sys.modules[name]
        sys.modules.update(before)


def is_installed(module: str) -> bool:
    """Whether a module can be imported."""
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False
