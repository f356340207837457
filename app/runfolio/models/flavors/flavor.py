"""What a flavor is: how models of one library are put into a folder and taken out again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound
from runfolio.models.mlmodel import PYFUNC, MLmodel


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a flavor has put into a model's folder.

    Attributes:
        flavor: the name of the flavor; "" of a model that is a function and nothing else.
        entries: what the flavor needs to load it, for the MLmodel file.
        loader_module: the module of MLflow that makes a function of it; "" if it cannot be called.
        function_entries: what that loader needs, besides what every function has.
        requirements: what must be installed, as pip is told.
        function: makes an object with `predict(data, params)` of it, to try the input example with.
        predict_fn: the method of that object that is called.
        hinted: the signature that hints of types in a Python model's code say.
        takes_code: whether the flavor's entries say where code that goes with the model is.
    """

    flavor: str
    entries: Mapping[str, Any] = field(default_factory=dict)
    loader_module: str = ""
    function_entries: Mapping[str, Any] = field(default_factory=dict)
    requirements: list[str] = field(default_factory=list)
    function: Callable[[], Any] | None = None
    predict_fn: str = "predict"
    hinted: Any = None
    takes_code: bool = True


#: Puts a model into a folder that is there and empty but for code and input example.
Writer = Callable[[Path], Written]


@dataclass(frozen=True, slots=True)
class Opened:
    """A model's folder that is being loaded.

    Attributes:
        folder: where it is.
        model: its MLmodel file.
        config: the model's configuration, with what the caller has changed of it.
    """

    folder: Path
    model: MLmodel
    config: Mapping[str, Any] | None = None

    def entries(self, flavor: str) -> Mapping[str, Any]:
        """What MLmodel says for a flavor. Raises NotFound if the model has it not."""
        if flavor not in self.model.flavors:
            has = ", ".join(sorted(self.model.flavors)) or "none"
            raise NotFound(f"The model in {self.folder} has no flavor {flavor!r}, but {has}.")
        return self.model.flavors[flavor]

    def path(self, named: str | None, *otherwise: str) -> Path:
        """A file of the model: the named one, else the first of some usual names that is there.

        Raises:
            NotFound: it is not there, or it leads out of the folder.
        """
        names = [named] if named else list(otherwise)
        for name in names:
            file = self.folder / name
            if file.exists() and file.resolve().is_relative_to(self.folder.resolve()):
                return file
        raise NotFound(f"The model in {self.folder} has no file {' or '.join(names)}.", "It is not whole.")

    @property
    def data(self) -> Path:
        """The file or folder that the function is made of: what `data` names, else all."""
        return self.path(self.entries(PYFUNC).get("data"), ".")


@dataclass(frozen=True, slots=True)
class Flavor:
    """How models of a library are loaded.

    Attributes:
        name: what MLmodel calls it.
        load: makes the library's own model of a folder; takes what `load_model` of the library takes, too.
        function: makes an object with `predict(data, params)` of it.
        needs: the library, as pip calls it.
    """

    name: str
    load: Callable[..., Any]
    function: Callable[[Opened], Any]
    needs: str


def class_named(name: str, method: str) -> Any:
    """A class of a library or the user's by its full name, as MLmodel has it. Raises InvalidValue for anything else."""
    module, _, attribute = name.rpartition(".")
    found = getattr(import_module(module), attribute, None) if module else None
    if not isinstance(found, type) or not hasattr(found, method):
        raise InvalidValue(f"{name!r}, which the MLmodel file names, is no class of models.")
    return found


def full_name(model: Any) -> str:
    """The full name of a model's class."""
    return f"{type(model).__module__}.{type(model).__name__}"


def missing(error: ImportError, package: str) -> EnvironmentProblem:
    """What to raise where a library that a model needs is not there."""
    name = (error.name or package).partition(".")[0]
    return EnvironmentProblem(f"This model needs {name}, which is not installed.", f"pip install {package}")
