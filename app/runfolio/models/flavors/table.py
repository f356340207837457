"""Which flavors there are, by their names and by MLflow's modules that load them; each is imported on first use."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from runfolio.core.errors import NotFound
from runfolio.models.flavors.flavor import Flavor

#: Where each flavor is.
FLAVORS = {
    "catboost": "runfolio.models.flavors.catboost",
    "keras": "runfolio.models.flavors.keras",
    "lightgbm": "runfolio.models.flavors.lightgbm",
    "onnx": "runfolio.models.flavors.onnx",
    "pytorch": "runfolio.models.flavors.pytorch",
    "sklearn": "runfolio.models.flavors.sklearn",
    "tensorflow": "runfolio.models.flavors.tensorflow",
    "xgboost": "runfolio.models.flavors.xgboost",
}
#: What loads functions that belong to no library.
FUNCTIONS = {
    "mlflow.pyfunc.model": "runfolio.models.pyfunc.python_models",
    "mlflow.pyfunc.loaders.code_model": "runfolio.models.pyfunc.python_models",
}


def flavor(name: str) -> Flavor:
    """A flavor by its name. Raises NotFound."""
    if name not in FLAVORS:
        raise NotFound(f"There is no flavor {name!r} here.", f"There are {', '.join(FLAVORS)}.")
    found: Any = import_module(FLAVORS[name])
    assert isinstance(found.FLAVOR, Flavor)
    return found.FLAVOR


def flavor_of_loader(loader_module: str) -> Flavor | None:
    """The flavor that stands here for a module of MLflow's; None if there is none."""
    if loader_module in FUNCTIONS:
        found: Any = import_module(FUNCTIONS[loader_module])
        assert isinstance(found.FLAVOR, Flavor)
        return found.FLAVOR
    name = loader_module.removeprefix("mlflow.")
    return flavor(name) if name != loader_module and name in FLAVORS else None
